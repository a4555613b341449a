using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using AssetCompute.Emulator;
using Microsoft.Extensions.DependencyInjection;

namespace AssetCompute.Client.IntegrationTests.Diagnostics;

public class JobTelemetryTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task RunAsync_WithAListener_CountsJobsRenditionsAndEventsOfItsAccount()
    {
        ConcurrentDictionary<string, double> sums = [];
        using MeterListener listener = new()
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Name == "AssetCompute.Client")
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument, value, tags));
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Add(instrument, value, tags));
        listener.Start();
        await using EmulatedAccount account = await EmulatedAccount.StartAsync();
        await account.Emulator.Storage.PutAsync("source.png", "this is no image"u8.ToArray(), "image/png", Cancel);
        ServiceCollection services = new();
        services.AddAssetCompute("metered", account.Configure);
        await using ServiceProvider provider = services.BuildServiceProvider();

        await provider.GetRequiredKeyedService<IRenditionJobs>("metered").RunAsync(account.Request("a", 2), cancellationToken: Cancel);

        Assert.Equal(2, sums["asset_compute.renditions failed SourceCorrupt"]);
        Assert.Equal(0, sums["asset_compute.jobs.in_flight  "]);
        Assert.Equal(2, sums["messaging.client.consumed.messages  "]);
        Assert.True(sums.ContainsKey("asset_compute.job.duration  "));
        Assert.True(sums.ContainsKey("asset_compute.journal.lag  "));

        void Add(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            Dictionary<string, object?> all = new(tags.ToArray());
            if (Equals(all.GetValueOrDefault("asset_compute.account"), "metered"))
            {
                sums.AddOrUpdate(
                    $"{instrument.Name} {all.GetValueOrDefault("asset_compute.outcome")} {all.GetValueOrDefault("asset_compute.reason")}",
                    value,
                    (_, sum) => sum + value);
            }
        }
    }
}
