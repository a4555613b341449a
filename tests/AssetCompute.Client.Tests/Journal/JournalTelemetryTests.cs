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
    public void Noted_FailuresAndGaps_AreCountedAndOtherNoticesNot()
    {
        _telemetry.Noted(new JournalRetrying(JournalPosition.Oldest, 1, TimeSpan.Zero, new IOException()));
        _telemetry.Noted(new JournalGap(JournalPosition.Oldest, JournalPosition.After("p")));
        _telemetry.Noted(new JournalTokenRenewed(JournalPosition.Oldest));
        _telemetry.Noted(new JournalCaughtUp(JournalPosition.Oldest));

        Assert.Equal(["asset_compute.journal.failures 1", "asset_compute.journal.gaps 1"], Measured);
    }

    private void Deliver(params string[] events)
    {
        byte[] page = Encoding.UTF8.GetBytes($$"""{"events":[{{string.Join(",", events.Select(text => $$"""{"event":{{text}}}"""))}}]}""");
        using JournalPageParser parser = new(1 << 20);
        page.CopyTo(parser.FreeSpace);
        parser.Advance(page.Length);
        parser.Advance(0);
        using JournalChunk chunk = parser.TakeChunk()!;
        _telemetry.Delivered(chunk);
    }
}
