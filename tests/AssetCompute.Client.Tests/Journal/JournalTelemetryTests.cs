using System.Text;
using AssetCompute.Client.Journal;
using AssetCompute.Client.Tests.Diagnostics;
using AssetCompute.Client.Tests.Time;
using Microsoft.Extensions.Logging.Abstractions;

namespace AssetCompute.Client.Tests.Journal;

public sealed class JournalTelemetryTests : IDisposable
{
    private readonly string _account = Guid.NewGuid().ToString();
    private readonly FakeTimeProvider _time = new();
    private readonly Measurements _measurements = new();
    private readonly JournalTelemetry _telemetry;

    public JournalTelemetryTests() => _telemetry = new JournalTelemetry(_account, NullLogger.Instance, _time);

    private IEnumerable<string> Measured => _measurements.Of(_account).Select(measurement => $"{measurement.Instrument} {measurement.Value}");

    public void Dispose() => _measurements.Dispose();

    [Theory]
    [InlineData("""{"type":"rendition_created","date":"2025-12-31T23:59:30Z","requestId":"r"}""")]
    [InlineData("""{"type":"rendition_failed","date":"2025-12-31T23:59:30Z","requestId":"r"}""")]
    [InlineData("""{"type":"of.tomorrow","time":"2025-12-31T23:59:30Z"}""")]
    public void Delivered_EventsOfWhichTheLastHasADate_AreCountedWithTheLag(string last)
    {
        Deliver("{}", last);

        Assert.Equal(["messaging.client.consumed.messages 2", "asset_compute.journal.lag 30"], Measured);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("17")]
    [InlineData("""{"time":17}""")]
    [InlineData("""{"time":"yesterday"}""")]
    public void Delivered_LastEventWithoutADate_HasNoLag(string last)
    {
        Deliver("""{"time":"2025-12-31T23:59:30Z"}""", last);

        Assert.Equal(["messaging.client.consumed.messages 2"], Measured);
    }

    [Fact]
    public void Noted_FailuresGapsAndSkippedEvents_AreCountedAndOtherNoticesNot()
    {
        JournalEntry entry = new(JournalPosition.After("p"), default);
        _telemetry.Noted(new JournalRetrying { Position = default, Failures = 1, Delay = TimeSpan.Zero, Exception = new IOException() });
        _telemetry.Noted(new JournalGap { Position = default, Expired = JournalPosition.After("p") });
        _telemetry.Noted(new JournalEventSkipped { Position = entry.Position, Entry = entry, Reason = "why" });
        _telemetry.Noted(new JournalCaughtUp { Position = default });

        Assert.Equal(["asset_compute.journal.failures 1", "asset_compute.journal.gaps 1", "asset_compute.journal.skipped 1"], Measured);
    }

    private void Deliver(params string[] events) =>
        _telemetry.Delivered([.. events.Select(static text => new JournalEntry(JournalPosition.Oldest, Encoding.UTF8.GetBytes(text)))]);
}
