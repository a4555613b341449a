using AssetCompute.Client.Jobs;
using AssetCompute.Client.Journal;
using AssetCompute.Client.Tests.Diagnostics;
using AssetCompute.Client.Tests.Http;
using AssetCompute.Client.Tests.Time;
using Microsoft.Extensions.DependencyInjection;

namespace AssetCompute.Client.Tests.Jobs;

public sealed class JobTelemetryTests : IDisposable
{
    private readonly string _account = Guid.NewGuid().ToString();
    private readonly FakeTimeProvider _time = new();
    private readonly Measurements _measurements = new();
    private readonly JobTelemetry _telemetry;

    public JobTelemetryTests() => _telemetry = new JobTelemetry(_account, _time);

    private IEnumerable<string> Measured => _measurements.Of(_account)
        .Select(measurement => string.Join(' ', [$"{measurement.Instrument} {measurement.Value}", .. measurement.Tags.Skip(1).Select(tag => $"{tag.Key.Split('.')[^1]}={tag.Value}")]));

    public void Dispose() => _measurements.Dispose();

    [Fact]
    public void Ended_JobWithAllItsEvents_IsNoLongerInFlightAndHasADuration()
    {
        long begun = _telemetry.Begun();
        _time.Advance(TimeSpan.FromSeconds(5));
        _telemetry.Ended(begun, complete: true);

        Assert.Equal(["asset_compute.jobs.in_flight 1", "asset_compute.jobs.in_flight -1", "asset_compute.job.duration 5"], Measured);
    }

    [Fact]
    public void Begun_OfTheAccountWithoutAName_HasNoTagOfAnAccount()
    {
        JobTelemetry telemetry = new("", _time);

        telemetry.Ended(telemetry.Begun(), complete: true);
        telemetry.Finished(new RenditionCreated { RequestId = "r", Source = new Uri("https://a.example/1.jpg"), Rendition = new Rendition() });

        Assert.Contains(-1, _measurements.ValuesOf("asset_compute.jobs.in_flight"));
        Assert.Empty(_measurements.Of(""));
    }

    [Fact]
    public void Ended_JobThatFailed_HasNoDuration()
    {
        _telemetry.Ended(_telemetry.Begun(), complete: false);

        Assert.Equal(["asset_compute.jobs.in_flight 1", "asset_compute.jobs.in_flight -1"], Measured);
    }

    [Theory]
    [InlineData(1, "asset_compute.job.duration 5")]
    [InlineData(2)]
    public async Task RunAsync_OneEventCame_JobIsInFlightUntilItEndsAndHasADurationIfThatWasTheLast(int renditions, params string[] duration)
    {
        using FakeService service = new();
        using CancellationTokenSource cancel = CancellationTokenSource.CreateLinkedTokenSource(service.Limit);
        service.OnProcess = sent =>
        {
            service.Time.Advance(TimeSpan.FromSeconds(5));
            service.Create(sent, 0);
        };
        await using TestAccount account = service.Account();
        await using RenditionJobs jobs = new(account.Client, account.Services.GetRequiredKeyedService<JournalReader>(""), new JobTelemetry(_account, service.Time), service.Time);
        Task job = jobs.RunAsync(FakeService.Request("a", renditions), new RenditionJobOptions { OnRendition = _ => cancel.CancelAfter(renditions == 1 ? Timeout.InfiniteTimeSpan : TimeSpan.Zero) }, cancel.Token);

        Assert.Equal(renditions == 1, await Record.ExceptionAsync(() => job) is null);

        Assert.Equal(
            ["asset_compute.jobs.in_flight 1", "asset_compute.renditions 1 outcome=created", "asset_compute.jobs.in_flight -1", .. duration],
            Measured);
    }

    [Fact]
    public void Finished_Renditions_AreCountedByOutcomeAndReason()
    {
        Rendition rendition = new();
        _telemetry.Finished(new RenditionCreated { Rendition = rendition });
        _telemetry.Finished(new RenditionFailed { Rendition = rendition, Reason = RenditionFailureReason.SourceCorrupt });

        Assert.Equal(["asset_compute.renditions 1 outcome=created", "asset_compute.renditions 1 outcome=failed reason=SourceCorrupt"], Measured);
    }

    [Fact]
    public void Finished_SixtyReasonsOfACustomWorker_AreOneTimeSeries()
    {
        for (int i = 0; i < 60; i++)
        {
            _telemetry.Finished(new RenditionFailed { Reason = $"MyReason{i}" });
        }

        _telemetry.Finished(new RenditionFailed());
        _telemetry.Finished(new RenditionFailed { Reason = RenditionFailureReason.RenditionTooLarge });

        Assert.Equal(
            ["asset_compute.renditions 1 outcome=failed reason=RenditionTooLarge", "asset_compute.renditions 1 outcome=failed reason=other"],
            Measured.Distinct().Order(StringComparer.Ordinal));
    }
}
