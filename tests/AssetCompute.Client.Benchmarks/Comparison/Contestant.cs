using System.Globalization;
using System.Text;

namespace AssetCompute.Client.Benchmarks.Comparison;

/// <summary>A child process that does one kind of work in one way, and writes its measurement as the last line of output.</summary>
internal static class Contestant
{
    /// <summary>A token in the form of a JWT, because the peer reads the client id from it.</summary>
    public static string Token { get; } =
        $"{Base64("""{"alg":"RS256"}""")}.{Base64("""{"client_id":"benchmark","as":"ims-na1","type":"access_token"}""")}.c2lnbmF0dXJl";

    /// <param name="arguments">The contestant, the work, the server, the number of items, and the seconds of warm-up, followed by flags.</param>
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

    /// <summary>Makes a number of calls with a number of concurrent callers.</summary>
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
