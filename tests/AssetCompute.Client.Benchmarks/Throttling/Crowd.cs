using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;

namespace AssetCompute.Client.Benchmarks.Throttling;

/// <summary>A separate client process: warms up, waits for a line on standard input, runs its callers, and writes the results of the calls.</summary>
internal static class Crowd
{
    /// <param name="arguments">The server, the number of calls, and the number of callers, optionally followed by "--no-throttle".</param>
    public static async Task RunAsync(string[] arguments)
    {
        (Uri endpoint, int calls, int callers) = (new Uri(arguments[0]), Number(arguments[1]), Number(arguments[2]));
        await using AssetComputeClient client = AssetComputeClient.Create(
            options =>
            {
                options.Endpoint = endpoint;
                options.ClientId = "benchmark";
                options.OrganizationId = "benchmark@AdobeOrg";
                options.Throttling.Enabled = !arguments.Contains("--no-throttle");
            },
            builder => builder.AddAccessTokenProvider(static _ => new FixedTokenProvider()));

        await CallAsync(client, calls: 32, callers: 4);
        Console.WriteLine("ready");
        await Console.In.ReadLineAsync();
        TimeSpan cpu = Environment.CpuUsage.TotalTime;
        (List<double> succeeded, int failed) = await CallAsync(client, calls, callers);
        Console.WriteLine(new CrowdResult(failed, (Environment.CpuUsage.TotalTime - cpu).TotalSeconds, succeeded).ToJson());
    }

    private static async Task<(List<double> Succeeded, int Failed)> CallAsync(AssetComputeClient client, int calls, int callers)
    {
        int next = 0;
        int failed = 0;
        List<double> succeeded = new(calls);
        long start = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, callers).Select(async _ =>
        {
            await Task.Yield();
            while (Interlocked.Increment(ref next) is int number && number <= calls)
            {
                try
                {
                    await client.ProcessAsync(NewRequest(number));
                    lock (succeeded)
                    {
                        succeeded.Add(Stopwatch.GetElapsedTime(start).TotalSeconds);
                    }
                }
                catch (AssetComputeException exception)
                {
                    Interlocked.Increment(ref failed);
                    await Console.Error.WriteLineAsync(exception.Message);
                }
            }
        }));
        return (succeeded, failed);
    }

    private static ProcessRequest NewRequest(int number) => new()
    {
        Source = new Uri($"https://source.example/{number}.jpg"),
        Renditions = [new Rendition { Format = RenditionFormat.Png, Width = 48, Height = 48, Target = new Uri($"https://target.example/{number}.png") }],
    };

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
