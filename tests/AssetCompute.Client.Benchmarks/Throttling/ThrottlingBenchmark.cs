using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;

namespace AssetCompute.Client.Benchmarks.Throttling;

/// <summary>Many callers, one limit: how many calls are lost, how many requests a success takes, and how long it all takes.</summary>
internal sealed class ThrottlingBenchmark
{
    public int Calls { get; init; } = 1000;

    public int Callers { get; init; } = 200;

    public double PerSecond { get; init; } = 50;

    public double Capacity { get; init; } = 50;

    public TimeSpan Latency { get; init; }

    public async Task<bool> RunAsync(TextWriter output)
    {
        TokenBucket bucket = new(PerSecond, Capacity);
        await using LimitedServer server = await LimitedServer.StartAsync(bucket, Latency);
        await using AssetComputeClient client = AssetComputeClient.Create(
            options =>
            {
                options.Endpoint = server.Endpoint;
                options.ClientId = "benchmark";
                options.OrganizationId = "benchmark@AdobeOrg";
            },
            builder => builder.AddAccessTokenProvider(new FixedTokenProvider()));

        await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
            $"{Calls} calls of /process by {Callers} callers; token bucket of {PerSecond} requests/s, capacity {Capacity}, Retry-After: 1, latency {Latency.TotalMilliseconds} ms"));
        long start = Stopwatch.GetTimestamp();
        (int succeeded, int failed) = await CallAsync(client);
        TimeSpan elapsed = Stopwatch.GetElapsedTime(start);
        TimeSpan ideal = bucket.IdealTime(Calls);

        await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"""

            | succeeded | failed | requests sent | requests per success | seconds | ideal seconds | of ideal |
            |---:|---:|---:|---:|---:|---:|---:|
            | {succeeded} | {failed} | {server.Requests} | {(double)server.Requests / Math.Max(1, succeeded):0.000} | {elapsed.TotalSeconds:0.0} | {ideal.TotalSeconds:0.0} | {elapsed / ideal:0.00} |
            """));
        return failed == 0;
    }

    private async Task<(int Succeeded, int Failed)> CallAsync(AssetComputeClient client)
    {
        int next = 0;
        int succeeded = 0;
        int failed = 0;
        await Task.WhenAll(Enumerable.Range(0, Callers).Select(async _ =>
        {
            await Task.Yield();
            while (Interlocked.Increment(ref next) is int number && number <= Calls)
            {
                try
                {
                    await client.ProcessAsync(NewRequest(number));
                    Interlocked.Increment(ref succeeded);
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
}
