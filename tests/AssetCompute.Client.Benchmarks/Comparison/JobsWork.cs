using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;

namespace AssetCompute.Client.Benchmarks.Comparison;

/// <summary>Submits assets and waits for their events.</summary>
internal static class JobsWork
{
    private const int InFlight = 500;
    private const int SendersAtOnce = 32;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    public static async Task<Measurement> RunAsync(string server, int count)
    {
        await using AssetComputeClient client = OurClient.Create(server, $"/jobs/{Guid.NewGuid():N}");
        return await Measurement.OfAsync(count, () => RunManyAsync(client, count));
    }

    /// <summary>
    /// Many jobs that wait concurrently, at a service that accepts all requests and never delivers an event. The extra figure is the memory per job
    /// in bytes, without its request.
    /// </summary>
    public static async Task<Measurement> WaitAsync(string server, int count)
    {
        // Bounds the concurrent requests, as a program that submits a library does. More would each open a connection, whose memory isn't the job's.
        using SemaphoreSlim room = new(SendersAtOnce);
        await using AssetComputeClient client = OurClient.Create(server, "/bare/waiting", builder => builder.ServiceHttpClient.AddHttpMessageHandler(() => new Releasing(room)));
        using CancellationTokenSource stop = new();
        await room.WaitAsync(CancellationToken.None);
        _ = await Task.WhenAny(client.Jobs.RunAsync(SampleRequest.Create(0), cancellationToken: stop.Token), Task.Delay(500, CancellationToken.None));
        ProcessRequest[] requests = [.. Enumerable.Range(1, count).Select(static number => SampleRequest.Create(number))];
        Task[] jobs = new Task[count];
        RenditionJobOptions options = new() { Timeout = TimeSpan.FromHours(1) };
        long before = GC.GetTotalMemory(forceFullCollection: true);
        int accepted = 0;
        Measurement measurement = await Measurement.OfOneAsync(count, async () =>
        {
            for (int number = 0; number < count; number++)
            {
                await room.WaitAsync();
                jobs[number] = client.Jobs.RunAsync(requests[number], options, stop.Token);
            }

            // The snapshot counts jobs whose requests are sent, not those with a response. Two seconds are enough for the remaining responses.
            long start = Stopwatch.GetTimestamp();
            while (client.Jobs.TakeSnapshot().Jobs.Count < count && Stopwatch.GetElapsedTime(start) < s_patience)
            {
                await Task.Delay(50);
            }

            await Task.Delay(TimeSpan.FromSeconds(2));
            accepted = jobs.Count(static job => !job.IsCompleted);
        });
        if (accepted != count)
        {
            throw new InvalidOperationException($"{accepted} jobs of {count} wait.");
        }

        double each = (GC.GetTotalMemory(forceFullCollection: true) - before) / (double)count;
        GC.KeepAlive(requests);
        stop.Cancel();
        await Task.WhenAll(jobs).ContinueWith(static _ => { }, TaskScheduler.Default);
        return measurement with { Extra = each };
    }

    private static async Task RunManyAsync(AssetComputeClient client, int count)
    {
        int succeeded = 0;
        Exception? error = null;
        await foreach (RenditionJobResult result in client.Jobs.RunManyAsync(Requests(count), new RenditionJobOptions { MaxInFlight = InFlight }))
        {
            succeeded += result.Succeeded ? 1 : 0;
            error ??= result.Error;
        }

        if (succeeded != count)
        {
            throw new InvalidOperationException($"{succeeded} assets of {count} succeeded.", error);
        }
    }

    private static async IAsyncEnumerable<ProcessRequest> Requests(int count)
    {
        for (int number = 0; number < count; number++)
        {
            yield return SampleRequest.Create(number);
        }

        await Task.CompletedTask;
    }

    /// <summary>Admits the next request after each response.</summary>
    private sealed class Releasing(SemaphoreSlim room) : DelegatingHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            HttpResponseMessage response = await base.SendAsync(request, cancellationToken);
            if (request.RequestUri!.AbsolutePath.EndsWith("/process", StringComparison.Ordinal))
            {
                room.Release();
            }

            return response;
        }
    }
}
