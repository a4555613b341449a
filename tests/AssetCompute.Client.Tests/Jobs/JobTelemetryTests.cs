using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using AssetCompute.Client.Jobs;
using AssetCompute.Client.Tests.Time;

namespace AssetCompute.Client.Tests.Jobs;

public sealed class JobTelemetryTests : IDisposable
{
    private readonly string _account = Guid.NewGuid().ToString();
    private readonly FakeTimeProvider _time = new();
    private readonly ConcurrentQueue<string> _measured = [];
    private readonly MeterListener _listener = new();
    private readonly JobTelemetry _telemetry;

    public JobTelemetryTests()
    {
        _listener.InstrumentPublished = static (instrument, listener) =>
        {
            if (instrument.Meter.Name == "AssetCompute.Client")
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Note(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Note(instrument, value, tags));
        _listener.Start();
        _telemetry = new JobTelemetry(_account, _time);
    }

    public void Dispose() => _listener.Dispose();

    [Fact]
    public void Ended_JobWithAllItsEvents_IsNoLongerInFlightAndHasADuration()
    {
        long begun = _telemetry.Begun();
        _time.Advance(TimeSpan.FromSeconds(5));
        _telemetry.Ended(begun, complete: true);

        Assert.Equal(["asset_compute.jobs.in_flight 1", "asset_compute.jobs.in_flight -1", "asset_compute.job.duration 5"], _measured);
    }

    [Fact]
    public void Ended_JobThatFailed_HasNoDuration()
    {
        _telemetry.Ended(_telemetry.Begun(), complete: false);

        Assert.Equal(["asset_compute.jobs.in_flight 1", "asset_compute.jobs.in_flight -1"], _measured);
    }

    [Fact]
    public void Finished_Renditions_AreCountedByOutcomeAndReason()
    {
        Rendition rendition = new();
        _telemetry.Finished(new RenditionCreated { Rendition = rendition });
        _telemetry.Finished(new RenditionFailed { Rendition = rendition, Reason = RenditionFailureReason.SourceCorrupt });

        Assert.Equal(["asset_compute.renditions 1 outcome=created", "asset_compute.renditions 1 outcome=failed reason=SourceCorrupt"], _measured);
    }

    private void Note(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (tags.Length > 0 && Equals(tags[0].Value, _account))
        {
            _measured.Enqueue(string.Join(' ', [$"{instrument.Name} {value}", .. tags.ToArray().Skip(1).Select(tag => $"{tag.Key.Split('.')[^1]}={tag.Value}")]));
        }
    }
}
