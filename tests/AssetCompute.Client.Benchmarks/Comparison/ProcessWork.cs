using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace AssetCompute.Client.Benchmarks.Comparison;

/// <summary>Calls <c>/process</c> with 32 concurrent callers.</summary>
internal static class ProcessWork
{
    public static async Task<Measurement> RunAsync(string server, int count, string[] flags)
    {
        using IDisposable? listener = flags.Contains("--listener") ? new Listener() : null;
        await using AssetComputeClient client = OurClient.Create(server, "/bare/ours", options: options =>
        {
            options.Throttling.Enabled = !flags.Contains("--no-throttle");
            if (flags.Contains("--no-retry"))
            {
                options.Retry.MaxRetryAttempts = 0;
            }
        });
        ProcessRequest request = SampleRequest.Create(0);
        return await Measurement.OfAsync(count, () => Contestant.CrowdAsync(count, 32, () => client.ProcessAsync(request)));
    }

    public static async Task<Measurement> StartAsync(string server)
    {
        await using AssetComputeClient client = OurClient.Create(server, "/bare/ours");
        await client.ProcessAsync(SampleRequest.Create(0));
        return Measurement.OfProcess();
    }

    /// <summary>Receives all of the client's telemetry, as an exporter does, and discards it.</summary>
    private sealed class Listener : IDisposable
    {
        private readonly ActivityListener _activities = new()
        {
            ShouldListenTo = static source => source.Name == "AssetCompute.Client",
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
        };

        private readonly MeterListener _meters = new()
        {
            InstrumentPublished = static (instrument, listener) =>
            {
                if (instrument.Meter.Name == "AssetCompute.Client")
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };

        public Listener()
        {
            ActivitySource.AddActivityListener(_activities);
            _meters.SetMeasurementEventCallback<double>(static (_, _, _, _) => { });
            _meters.SetMeasurementEventCallback<long>(static (_, _, _, _) => { });
            _meters.Start();
        }

        public void Dispose()
        {
            _activities.Dispose();
            _meters.Dispose();
        }
    }
}
