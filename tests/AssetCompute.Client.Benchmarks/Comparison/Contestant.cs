using System.Globalization;
using System.Text;

namespace AssetCompute.Client.Benchmarks.Comparison;

/// <summary>One child process: does one kind of work in one way, and writes what it took as the last line of its output.</summary>
internal static class Contestant
{
    /// <summary>The peer wants to read its client id out of the token, so this has the form of one.</summary>
    public static string Token { get; } =
        $"{Base64("""{"alg":"RS256"}""")}.{Base64("""{"client_id":"benchmark","as":"ims-na1","type":"access_token"}""")}.c2lnbmF0dXJl";

    /// <param name="arguments">Who, what, the server, how many items, how many seconds the work runs in; then flags.</param>
    public static async Task RunAsync(string[] arguments)
    {
        if (arguments is not [var who, var work, var server, var countText, var runIn, .. var flags])
        {
            throw new ArgumentException("A contestant needs five arguments.", nameof(arguments));
        }

        int count = int.Parse(countText, CultureInfo.InvariantCulture);
        Measurement.RunIn = TimeSpan.FromSeconds(double.Parse(runIn, CultureInfo.InvariantCulture));
        Measurement measurement = (who, work) switch
        {
            ("floor", "process") => await Floor.ProcessAsync(server, count),
            ("floor", "journal") => await Floor.JournalAsync(server, count),
            ("floor", "start") => await Floor.StartAsync(server),
            ("ours", "process") => await ProcessWork.RunAsync(server, count, flags),
            ("ours", "start") => await ProcessWork.StartAsync(server),
            ("ours", "typed") => await JournalWork.ReadTypedAsync(server, count),
            ("ours", "dispatched") => await JournalWork.DispatchAsync(server, count),
            ("ours", "passed-by") => await JournalWork.PassByAsync(server, count),
            ("ours", "growth") => await JournalWork.GrowAsync(server, count),
            ("ours", "processor") => await ProcessorWork.RunAsync(server, count, flags),
            ("ours", "jobs") => await JobsWork.RunAsync(server, count),
            ("ours", "waiting") => await JobsWork.WaitAsync(server, count),
            _ => throw new ArgumentException($"Nobody does {work} as {who}.", nameof(arguments)),
        };
        Console.WriteLine(measurement.ToJson());
    }

    /// <summary>Runs a call so many times, so many at once.</summary>
    public static async Task CrowdAsync(int count, int callers, Func<Task> call)
    {
        int next = 0;
        await Task.WhenAll(Enumerable.Range(0, callers).Select(async _ =>
        {
            await Task.Yield();
            while (Interlocked.Increment(ref next) <= count)
            {
                await call();
            }
        }));
    }

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text)).TrimEnd('=').Replace('+', '-').Replace('/', '_');
}
