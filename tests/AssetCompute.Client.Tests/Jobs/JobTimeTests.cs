using System.Net;
using AssetCompute.Client.Tests.Http;

namespace AssetCompute.Client.Tests.Jobs;

/// <summary>How long jobs wait, and how long the journal is read for them.</summary>
public sealed class JobTimeTests : JobsBench
{
    public JobTimeTests()
        : base(options => options.Journal.MaxConsecutiveFailures = 3)
    {
    }

    [Fact]
    public async Task RunAsync_OutOfTime_SaysWhatCameAndWhatIsMissing()
    {
        Service.OnProcess = static _ => { };
        List<RenditionEvent> told = [];
        ProcessRequest request = FakeService.Request("a", 3, requestId: "late");
        request = request with { Renditions = [request.Renditions[0], request.Renditions[1] with { Name = null }, request.Renditions[2]] };
        Task<RenditionJobResult> job = Jobs.RunAsync(request, new RenditionJobOptions { Timeout = TimeSpan.FromMinutes(1), OnRendition = told.Add }, Cancel);
        await WaitingJobAsync(TimeSpan.FromMinutes(1));
        Service.Create(Service.Processed[0], 2);
        await FakeService.UntilAsync(() => told.Count == 1);

        Service.Time.Advance(TimeSpan.FromSeconds(59));
        Assert.False(job.IsCompleted);
        Service.Time.Advance(TimeSpan.FromSeconds(1));

        RenditionJobTimeoutException late = await Assert.ThrowsAsync<RenditionJobTimeoutException>(() => job);
        Assert.Equal("late", late.RequestId);
        Assert.Equal([request.Renditions[0], request.Renditions[1]], late.Missing);
        Assert.Equal(told, late.Received);
        Assert.Contains("2 of its 3 events did not arrive within 00:01:00: a-0, png.", late.Message, StringComparison.Ordinal);
        Assert.Null(late.InnerException);
        Assert.Empty(Jobs.TakeSnapshot().Jobs);
    }

    [Fact]
    public async Task RunAsync_OutOfTimeWhileTheJournalFails_SaysWhy()
    {
        await using TestAccount patient = Service.Account(options => options.Journal.MaxConsecutiveFailures = 1000);
        Service.OnProcess = static _ => { };
        TimeSpan limit = TimeSpan.FromMinutes(1);
        Task<RenditionJobResult> job = FakeService.JobsOf(patient).RunAsync(FakeService.Request("a", 1), new RenditionJobOptions { Timeout = limit }, Cancel);
        await WaitingJobAsync(limit);
        int refused = 0;
        Service.Instead = request =>
        {
            HttpResponseMessage? answer = Refuse(request);
            Interlocked.Add(ref refused, answer is null ? 0 : 1);
            return answer;
        };
        Service.Publish("of nobody");

        // After a second refusal, the first one is known. In small steps, the job does not reach its timeout before.
        await FakeService.UntilAsync(() =>
        {
            Service.Time.Advance(TimeSpan.FromMilliseconds(100));
            return Volatile.Read(ref refused) >= 2;
        });
        Service.Time.Advance(limit);

        RenditionJobTimeoutException late = await Assert.ThrowsAsync<RenditionJobTimeoutException>(() => job);
        Assert.IsType<AssetComputeUnavailableException>(late.InnerException);
        Assert.EndsWith($"The last reads of the journal failed: {late.InnerException.Message}", late.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_OutOfTimeAfterTheJournalHasRecovered_DoesNotBlameIt()
    {
        await using TestAccount patient = Service.Account(options => options.Journal.MaxConsecutiveFailures = 1000);
        Service.OnProcess = static _ => { };
        TimeSpan limit = TimeSpan.FromMinutes(1);
        List<RenditionEvent> told = [];
        RenditionJobOptions options = new() { Timeout = limit, OnRendition = told.Add };
        Task<RenditionJobResult> job = FakeService.JobsOf(patient).RunAsync(FakeService.Request("a", 2), options, Cancel);
        await WaitingJobAsync(limit);
        Service.Instead = Refuse;
        Service.Publish("of nobody");
        await RetryIsPlannedAsync();
        Service.Instead = static _ => null;
        Service.Create(Service.Processed[0], 0);
        await FakeService.UntilAsync(() =>
        {
            // The body of the refusal has a time limit too, so the first short timer may not be the one of the retry.
            if (Service.Time.NextTimer < TimeSpan.FromSeconds(10))
            {
                Service.Time.AdvanceToNextTimer();
            }

            return told.Count == 1;
        });

        Service.Time.Advance(limit);

        Assert.Null((await Assert.ThrowsAsync<RenditionJobTimeoutException>(() => job)).InnerException);
    }

    [Fact]
    public async Task RunAsync_NextJobWithinThirtySeconds_WaitsOnTheSameReading()
    {
        await RunAsync("a");
        int ends = Service.Calls("/events/1", "latest=true");

        Service.Time.Advance(TimeSpan.FromSeconds(29));
        await RunAsync("b");
        Service.Time.Advance(TimeSpan.FromSeconds(29));
        await RunAsync("c");

        Assert.Equal(ends, Service.Calls("/events/1", "latest=true"));
    }

    [Fact]
    public async Task RunAsync_NextJobAfterThirtySeconds_PinsTheEndOfTheJournalAnew()
    {
        await RunAsync("a");
        int ends = Service.Calls("/events/1", "latest=true");

        Service.Time.Advance(TimeSpan.FromSeconds(30));
        Service.Publish("of nobody");
        await RunAsync("b");

        Assert.Equal(ends + 1, Service.Calls("/events/1", "latest=true"));
        Assert.Equal(1, Service.Calls("/events/1", "since=" + FakeService.Position(1)));
        Assert.Equal(1, Service.Calls("/register"));
    }

    [Fact]
    public async Task RunAsync_ThirtySecondsAfterTheLastOfSeveralJobs_NobodyReadsTheJournalAnyMore()
    {
        await RunAsync("a");
        await RunAsync("b");
        await RunAsync("c");
        await FakeService.UntilAsync(() => Service.ReadsHeldBack == 1);

        Service.Time.Advance(TimeSpan.FromSeconds(30));

        await FakeService.UntilAsync(() => Service.ReadsHeldBack == 0);
    }

    [Fact]
    public async Task RunAsync_RegistrationEndedWhileNobodyWaits_IsLeftEndedUntilTheNextJob()
    {
        await RunAsync("a");
        await FakeService.UntilAsync(() => Service.ReadsHeldBack == 1);
        int reads = 0;
        Service.Instead = request => request.RequestUri!.AbsolutePath == "/events/1" && Interlocked.Increment(ref reads) == 1 ? new HttpResponseMessage(HttpStatusCode.NotFound) { Content = new StringContent("") } : null;
        Service.Publish("of nobody");
        await Service.WaitAsync(static service => service.Calls("/events/1", "since=" + FakeService.Position(1)) == 1);

        // Every retry of the read would be complete by this time.
        int seconds = 0;
        await FakeService.UntilAsync(() =>
        {
            Service.Time.Advance(TimeSpan.FromSeconds(1));
            return ++seconds == 25;
        });

        // The reader reads once more at most: it ends as soon as it has noticed the first answer.
        await FakeService.UntilAsync(() => Service.ReadsHeldBack == 0);
        Assert.Equal(1, Service.Calls("/register"));
        Task<RenditionJobResult> next = Jobs.RunAsync(FakeService.Request("b", 1), cancellationToken: Cancel);
        await AdvanceUntilAsync(() => next.IsCompleted);
        Assert.True((await next).Succeeded);
    }

    [Fact]
    public async Task RunAsync_AJobThatWaitsForLong_KeepsTheReadingGoing()
    {
        Service.OnProcess = static _ => { };
        Task<RenditionJobResult> job = Jobs.RunAsync(FakeService.Request("a", 1), cancellationToken: Cancel);
        await WaitingJobAsync();

        Service.Time.Advance(TimeSpan.FromMinutes(59));
        Service.CreateAll(Service.Processed[0]);

        Assert.True((await job.WaitAsync(FakeService.Patience, Cancel)).Succeeded);
    }

    [Fact]
    public async Task RunAsync_OneOfTwoJobsLeaves_TheOtherKeepsTheReading()
    {
        Service.OnProcess = static _ => { };
        Task<RenditionJobResult> job = Jobs.RunAsync(FakeService.Request("a", 1), cancellationToken: Cancel);
        await WaitingJobAsync();
        Service.OnProcess = Service.CreateAll;
        await RunAsync("b");

        Service.Time.Advance(TimeSpan.FromSeconds(31));
        Service.CreateAll(Service.Processed[0]);

        Assert.True((await job.WaitAsync(FakeService.Patience, Cancel)).Succeeded);
    }

    [Fact]
    public async Task RunAsync_JournalStaysBroken_FailsEveryWaitAndTheNextJobReadsAnew()
    {
        Service.OnProcess = static _ => { };
        Task<RenditionJobResult>[] waiting = [Jobs.RunAsync(FakeService.Request("a", 1), cancellationToken: Cancel), Jobs.RunAsync(FakeService.Request("b", 1), cancellationToken: Cancel)];
        await Service.WaitAsync(service => service.Processed.Count == 2);
        Service.Instead = Refuse;
        Service.Publish("of nobody");

        await AdvanceUntilAsync(() => waiting.All(job => job.IsCompleted));

        JournalException first = await Assert.ThrowsAsync<JournalException>(() => waiting[0]);
        JournalException second = await Assert.ThrowsAsync<JournalException>(() => waiting[1]);
        Assert.Equal(first.Message, second.Message);
        Service.Instead = static _ => null;
        Service.OnProcess = Service.CreateAll;
        await RunAsync("c");
    }

    [Fact]
    public async Task DisposeAsync_JobsThatWait_FailAndNoneIsTakenAnyMore()
    {
        Service.OnProcess = static _ => { };
        Task<RenditionJobResult> job = Jobs.RunAsync(FakeService.Request("a", 1), cancellationToken: Cancel);
        await WaitingJobAsync();

        await Account.DisposeAsync();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => job.WaitAsync(FakeService.Patience, Cancel));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => Jobs.RunAsync(FakeService.Request("b", 1), cancellationToken: Cancel));
    }

    private static HttpResponseMessage? Refuse(HttpRequestMessage request) =>
        request.RequestUri!.AbsolutePath == "/events/1" ? new HttpResponseMessage(HttpStatusCode.ServiceUnavailable) : null;

    private async Task RunAsync(string prefix) =>
        Assert.True((await Jobs.RunAsync(FakeService.Request(prefix, 1), cancellationToken: Cancel).WaitAsync(FakeService.Patience, Cancel)).Succeeded);

    /// <summary>Waits until a failed read waits for its retry, after a second. The time limit of a page, 30 seconds, may be the next timer before.</summary>
    private Task RetryIsPlannedAsync() => FakeService.UntilAsync(() => Service.Time.NextTimer < TimeSpan.FromSeconds(10));

    /// <summary>Waits until the request is accepted and the timeout of the job is set.</summary>
    private async Task WaitingJobAsync(TimeSpan? limit = null)
    {
        await Service.WaitAsync(service => service.Processed.Count == 1);
        await FakeService.UntilAsync(() => Service.Time.NextTimer == (limit ?? new RenditionJobOptions().Timeout));
    }

    private async Task AdvanceUntilAsync(Func<bool> condition) => await FakeService.UntilAsync(() =>
    {
        // The steps are longer than the longest wait between two reads. No job reaches its own timeout.
        Service.Time.Advance(TimeSpan.FromSeconds(30));
        return condition();
    });
}
