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

    /// <summary>Whether the callers share what they learn of the limit.</summary>
    public bool UseGate { get; init; } = true;

    /// <summary>The folder in which Adobe's Node client is installed, to measure it instead; null for this client.</summary>
    public string? NodeClient { get; init; }

    public async Task<bool> RunAsync(TextWriter output)
    {
        TokenBucket bucket = new(PerSecond, Capacity);
        await using LimitedServer server = await LimitedServer.StartAsync(bucket, Latency);
        string who = NodeClient is not null ? "Adobe's Node client" : UseGate ? "this client" : "this client without the gate";
        await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
            $"{who}: {Calls} calls of /process by {Callers} callers; token bucket of {PerSecond} requests/s, capacity {Capacity}, Retry-After: 1, latency {Latency.TotalMilliseconds} ms"));

        long start = Stopwatch.GetTimestamp();
        (int succeeded, int failed) = NodeClient is null ? await CallAsync(server.Endpoint) : await CallWithNodeAsync(server.Endpoint, NodeClient);
        TimeSpan elapsed = Stopwatch.GetElapsedTime(start);
        TimeSpan ideal = bucket.IdealTime(Calls);

        await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"""

            | succeeded | failed | requests sent | requests per success | seconds | ideal seconds | of ideal |
            |---:|---:|---:|---:|---:|---:|---:|
            | {succeeded} | {failed} | {server.Requests} | {(double)server.Requests / Math.Max(1, succeeded):0.000} | {elapsed.TotalSeconds:0.0} | {ideal.TotalSeconds:0.0} | {elapsed / ideal:0.00} |

            """));
        return failed == 0;
    }

    private async Task<(int Succeeded, int Failed)> CallWithNodeAsync(Uri endpoint, string folder)
    {
        ProcessStartInfo start = new("node") { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "Throttling", "adobe-client.cjs"));
        start.ArgumentList.Add(endpoint.GetLeftPart(UriPartial.Authority));
        start.ArgumentList.Add(Calls.ToString(CultureInfo.InvariantCulture));
        start.ArgumentList.Add(Callers.ToString(CultureInfo.InvariantCulture));
        using Process node = Process.Start(start) ?? throw new InvalidOperationException("node did not start.");
        // It writes a line for each of its waits.
        Task silenced = node.StandardError.BaseStream.CopyToAsync(Stream.Null);
        string text = await node.StandardOutput.ReadToEndAsync();
        await silenced;
        await node.WaitForExitAsync();
        int[] counts = [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1].Split(' ').Select(count => int.Parse(count, CultureInfo.InvariantCulture))];
        return (counts[0], counts[1]);
    }

    private async Task<(int Succeeded, int Failed)> CallAsync(Uri endpoint)
    {
        await using AssetComputeClient client = AssetComputeClient.Create(
            options =>
            {
                options.Endpoint = endpoint;
                options.ClientId = "benchmark";
                options.OrganizationId = "benchmark@AdobeOrg";
                options.Throttling.Enabled = UseGate;
            },
            builder => builder.AddAccessTokenProvider(new FixedTokenProvider()));
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
