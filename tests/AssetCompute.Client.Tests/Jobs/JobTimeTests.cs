using System.Net;
using System.Text.Json.Nodes;
using AssetCompute.Client.Tests.Http;

namespace AssetCompute.Client.Tests.Jobs;

/// <summary>How long jobs wait, and how long the journal is read for them.</summary>
public sealed class JobTimeTests : IAsyncDisposable
{
    private readonly FakeService _service = new();
    private readonly TestAccount _account;
    private readonly IRenditionJobs _jobs;

    public JobTimeTests()
    {
        _account = _service.Account(options => options.Journal.MaxConsecutiveFailures = 3);
        _jobs = FakeService.JobsOf(_account);
    }

    private CancellationToken Cancel => _service.Limit;

    public async ValueTask DisposeAsync()
    {
        await _account.DisposeAsync();
        _service.Dispose();
    }

    [Fact]
    public async Task RunAsync_OutOfTime_SaysWhatCameAndWhatIsMissing()
    {
        _service.OnProcess = static _ => { };
        List<RenditionEvent> told = [];
        ProcessRequest request = FakeService.Request("a", 3, requestId: "late");
        request = request with { Renditions = [request.Renditions[0], request.Renditions[1] with { Name = null }, request.Renditions[2]] };
        Task<RenditionJobResult> job = _jobs.RunAsync(request, new RenditionJobOptions { Timeout = TimeSpan.FromMinutes(1), OnRendition = told.Add }, Cancel);
        await WaitingJobAsync(TimeSpan.FromMinutes(1));
        _service.Create(_service.Processed[0], 2);
        await FakeService.UntilAsync(() => told.Count == 1);

        _service.Time.Advance(TimeSpan.FromSeconds(59));
        Assert.False(job.IsCompleted);
        _service.Time.Advance(TimeSpan.FromSeconds(1));

        RenditionJobTimeoutException late = await Assert.ThrowsAsync<RenditionJobTimeoutException>(() => job);
        Assert.Equal("late", late.RequestId);
        Assert.Equal([request.Renditions[0], request.Renditions[1]], late.Missing);
        Assert.Equal(told, late.Received);
        Assert.Contains("2 of its 3 events did not come within 00:01:00: a-0, png.", late.Message, StringComparison.Ordinal);
        Assert.Null(late.InnerException);
        Assert.Empty(_jobs.TakeSnapshot().Jobs);
    }

    [Fact]
    public async Task RunAsync_OutOfTimeWhileTheJournalFails_SaysWhy()
    {
        await using TestAccount patient = _service.Account(options => options.Journal.MaxConsecutiveFailures = 1000);
        _service.OnProcess = static _ => { };
        TimeSpan limit = TimeSpan.FromMinutes(1);
        Task<RenditionJobResult> job = FakeService.JobsOf(patient).RunAsync(FakeService.Request("a", 1), new RenditionJobOptions { Timeout = limit }, Cancel);
        await WaitingJobAsync(limit);
        _service.Instead = Refuse;
        _service.Publish("of nobody");
        await FakeService.UntilAsync(() => _service.Time.NextTimer < limit);

        _service.Time.Advance(limit);

        RenditionJobTimeoutException late = await Assert.ThrowsAsync<RenditionJobTimeoutException>(() => job);
        Assert.IsType<AssetComputeUnavailableException>(late.InnerException);
        Assert.EndsWith($"The journal could not be read lately: {late.InnerException.Message}", late.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_OutOfTimeAfterTheJournalHasRecovered_DoesNotBlameIt()
    {
        await using TestAccount patient = _service.Account(options => options.Journal.MaxConsecutiveFailures = 1000);
        _service.OnProcess = static _ => { };
        TimeSpan limit = TimeSpan.FromMinutes(1);
        List<RenditionEvent> told = [];
        RenditionJobOptions options = new() { Timeout = limit, OnRendition = told.Add };
        Task<RenditionJobResult> job = FakeService.JobsOf(patient).RunAsync(FakeService.Request("a", 2), options, Cancel);
        await WaitingJobAsync(limit);
        _service.Instead = Refuse;
        _service.Publish("of nobody");
        await FakeService.UntilAsync(() => _service.Time.NextTimer < limit);
        _service.Instead = static _ => null;
        _service.Create(_service.Processed[0], 0);
        _service.Time.AdvanceToNextTimer();
        await FakeService.UntilAsync(() => told.Count == 1);

        _service.Time.Advance(limit);

        Assert.Null((await Assert.ThrowsAsync<RenditionJobTimeoutException>(() => job)).InnerException);
    }

    [Fact]
    public async Task RunAsync_NextJobWithinThirtySeconds_WaitsOnTheSameReading()
    {
        await RunAsync("a");
        int ends = _service.Calls("/events/1", "latest=true");

        _service.Time.Advance(TimeSpan.FromSeconds(29));
        await RunAsync("b");
        _service.Time.Advance(TimeSpan.FromSeconds(29));
        await RunAsync("c");

        Assert.Equal(ends, _service.Calls("/events/1", "latest=true"));
    }

    [Fact]
    public async Task RunAsync_NextJobAfterThirtySeconds_PinsTheEndOfTheJournalAnew()
    {
        await RunAsync("a");
        int ends = _service.Calls("/events/1", "latest=true");

        _service.Time.Advance(TimeSpan.FromSeconds(30));
        _service.Publish("of nobody");
        await RunAsync("b");

        Assert.Equal(ends + 1, _service.Calls("/events/1", "latest=true"));
        Assert.Equal(1, _service.Calls("/events/1", "since=" + FakeService.Position(1)));
        Assert.Equal(1, _service.Calls("/register"));
    }

    [Fact]
    public async Task RunAsync_ThirtySecondsAfterTheLastOfSeveralJobs_NobodyReadsTheJournalAnyMore()
    {
        await RunAsync("a");
        await RunAsync("b");
        await RunAsync("c");
        await FakeService.UntilAsync(() => _service.ReadsHeldBack == 1);

        _service.Time.Advance(TimeSpan.FromSeconds(30));

        await FakeService.UntilAsync(() => _service.ReadsHeldBack == 0);
    }

    [Fact]
    public async Task RunAsync_AJobThatWaitsForLong_KeepsTheReadingGoing()
    {
        _service.OnProcess = static _ => { };
        Task<RenditionJobResult> job = _jobs.RunAsync(FakeService.Request("a", 1), Cancel);
        await WaitingJobAsync();

        _service.Time.Advance(TimeSpan.FromMinutes(59));
        _service.CreateAll(_service.Processed[0]);

        Assert.True((await job.WaitAsync(FakeService.Patience, Cancel)).Succeeded);
    }

    [Fact]
    public async Task RunAsync_OneOfTwoJobsLeaves_TheOtherKeepsTheReading()
    {
        _service.OnProcess = static _ => { };
        Task<RenditionJobResult> job = _jobs.RunAsync(FakeService.Request("a", 1), Cancel);
        await WaitingJobAsync();
        _service.OnProcess = _service.CreateAll;
        await RunAsync("b");

        _service.Time.Advance(TimeSpan.FromSeconds(31));
        _service.CreateAll(_service.Processed[0]);

        Assert.True((await job.WaitAsync(FakeService.Patience, Cancel)).Succeeded);
    }

    [Fact]
    public async Task RunAsync_JournalStaysBroken_FailsEveryWaitAndTheNextJobReadsAnew()
    {
        _service.OnProcess = static _ => { };
        Task<RenditionJobResult>[] waiting = [_jobs.RunAsync(FakeService.Request("a", 1), Cancel), _jobs.RunAsync(FakeService.Request("b", 1), Cancel)];
        await _service.WaitAsync(service => service.Processed.Count == 2);
        _service.Instead = Refuse;
        _service.Publish("of nobody");

        await AdvanceUntilAsync(() => waiting.All(job => job.IsCompleted));

        JournalException first = await Assert.ThrowsAsync<JournalException>(() => waiting[0]);
        JournalException second = await Assert.ThrowsAsync<JournalException>(() => waiting[1]);
        Assert.Equal(first.Message, second.Message);
        _service.Instead = static _ => null;
        _service.OnProcess = _service.CreateAll;
        await RunAsync("c");
    }

    [Fact]
    public async Task DisposeAsync_JobsThatWait_FailAndNoneIsTakenAnyMore()
    {
        _service.OnProcess = static _ => { };
        Task<RenditionJobResult> job = _jobs.RunAsync(FakeService.Request("a", 1), Cancel);
        await WaitingJobAsync();

        await _account.DisposeAsync();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => job.WaitAsync(FakeService.Patience, Cancel));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => _jobs.RunAsync(FakeService.Request("b", 1), Cancel));
    }

    private static HttpResponseMessage? Refuse(HttpRequestMessage request) =>
        request.RequestUri!.AbsolutePath == "/events/1" ? new HttpResponseMessage(HttpStatusCode.ServiceUnavailable) : null;

    private async Task RunAsync(string prefix) =>
        Assert.True((await _jobs.RunAsync(FakeService.Request(prefix, 1), Cancel).WaitAsync(FakeService.Patience, Cancel)).Succeeded);

    /// <summary>The request is accepted, and the job has begun to wait for as long as it may.</summary>
    private async Task WaitingJobAsync(TimeSpan? limit = null)
    {
        await _service.WaitAsync(service => service.Processed.Count == 1);
        await FakeService.UntilAsync(() => _service.Time.NextTimer == (limit ?? new RenditionJobOptions().Timeout));
    }

    private async Task AdvanceUntilAsync(Func<bool> condition) => await FakeService.UntilAsync(() =>
    {
        // Further than the longest wait between two reads, and in steps that no job's own limit comes into.
        _service.Time.Advance(TimeSpan.FromSeconds(30));
        return condition();
    });
}
