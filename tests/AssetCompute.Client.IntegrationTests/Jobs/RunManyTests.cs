using AssetCompute.Emulator;

namespace AssetCompute.Client.IntegrationTests.Jobs;

public class RunManyTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task RunManyAsync_500RequestsOfThreeRenditions_AllCompleteWithNoEventLost()
    {
        await using EmulatedAccount account = await EmulatedAccount.StartAsync(Quick);
        await account.Emulator.Storage.PutAsync("source.png", TinyPng, "image/png", Cancel);

        List<RenditionJobResult> results = await account.Client.Jobs.RunManyAsync(account.Requests(500), cancellationToken: Cancel).ToListAsync(Cancel);

        Assert.Equal(500, results.Select(result => result.Request.Renditions[0].Name).Distinct().Count());
        Assert.All(results, result => Assert.True(result.Succeeded, result.ToString()));
        Assert.All(results, result => Assert.Equal(3, result.Renditions.Count));
    }

    [Fact]
    public async Task RunManyAsync_OneRequestInvalid_FailsAlone()
    {
        await using EmulatedAccount account = await EmulatedAccount.StartAsync(Quick);
        ProcessRequest[] requests = [account.Request("a", 1), new() { RequestId = "bad", Renditions = [] }, account.Request("b", 1)];

        List<RenditionJobResult> results = await account.Client.Jobs.RunManyAsync(requests.ToAsyncEnumerable(), cancellationToken: Cancel).ToListAsync(Cancel);

        Assert.Equal(3, results.Count);
        RenditionJobResult failed = Assert.Single(results, result => result.Error is not null);
        Assert.Equal("bad", failed.RequestId);
        Assert.IsType<InvalidProcessRequestException>(failed.Error);
        Assert.False(failed.Succeeded);
    }

    [Fact]
    public async Task RunManyAsync_MaxInFlight_IsNeverExceeded()
    {
        await using EmulatedAccount account = await EmulatedAccount.StartAsync(Quick);
        int taken = 0;
        int finished = 0;
        int most = 0;

        await foreach (RenditionJobResult _ in account.Client.Jobs.RunManyAsync(Counted(), new RenditionJobOptions { MaxInFlight = 4 }, Cancel))
        {
            finished++;
        }

        Assert.Equal(50, finished);

        // Four requests in progress, one request that waits for a free slot, and one result that this loop handles.
        Assert.InRange(most, 1, 4 + 1 + 1);

        async IAsyncEnumerable<ProcessRequest> Counted()
        {
            await foreach (ProcessRequest request in account.Requests(50))
            {
                most = Math.Max(most, ++taken - finished);
                yield return request;
            }
        }
    }

    [Fact]
    public async Task RunManyAsync_SourceOfRequestsFails_DeliversTheResultsAndThenTheFailure()
    {
        await using EmulatedAccount account = await EmulatedAccount.StartAsync(Quick);
        List<RenditionJobResult> results = [];

        InvalidDataException exception = await Assert.ThrowsAsync<InvalidDataException>(async () =>
        {
            await foreach (RenditionJobResult result in account.Client.Jobs.RunManyAsync(Failing(), cancellationToken: Cancel))
            {
                results.Add(result);
            }
        });

        Assert.Equal("end of list", exception.Message);
        Assert.True(Assert.Single(results).Succeeded);

        async IAsyncEnumerable<ProcessRequest> Failing()
        {
            yield return account.Request("a", 1);
            await Task.Yield();
            throw new InvalidDataException("end of list");
        }
    }

    [Fact]
    public async Task RunManyAsync_LeftEarly_EndsTheWaitsForTheRest()
    {
        await using EmulatedAccount account = await EmulatedAccount.StartAsync(Quick);
        account.Emulator.Faults.Next(EmulatorOperation.BlobWrite, EmulatorFault.Late(TimeSpan.FromMinutes(5)));

        await foreach (RenditionJobResult result in account.Client.Jobs.RunManyAsync(account.Requests(5), cancellationToken: Cancel))
        {
            Assert.True(result.Succeeded);
            break;
        }

        Assert.Empty(account.Client.Jobs.TakeSnapshot().Jobs);
    }

    [Fact]
    public async Task RunManyAsync_LeftWhileTheSourceOfRequestsWaits_Ends()
    {
        await using EmulatedAccount account = await EmulatedAccount.StartAsync(Quick);
        TaskCompletionSource never = new();

        await foreach (RenditionJobResult _ in account.Client.Jobs.RunManyAsync(ThenNothing(), cancellationToken: Cancel))
        {
            break;
        }

        never.SetResult();

        async IAsyncEnumerable<ProcessRequest> ThenNothing()
        {
            yield return account.Request("a", 1);
            await never.Task;
        }
    }

    [Fact]
    public async Task RunManyAsync_JournalFailsAfterSomeEvents_ResultHasThoseThatCame()
    {
        await using EmulatedAccount account = await EmulatedAccount.StartAsync(Quick, options => options.Journal.MaxConsecutiveFailures = 2);
        account.Emulator.Faults.Next(EmulatorOperation.BlobWrite, EmulatorFault.Late(TimeSpan.FromMinutes(5)));
        RenditionJobOptions options = new() { OnRendition = _ => account.Emulator.Faults.Share(EmulatorOperation.Journal, 1, EmulatorFault.Answer(500)) };

        RenditionJobResult result = await account.Client.Jobs.RunManyAsync([account.Request("a", 3)], options, Cancel).SingleAsync(Cancel);

        Assert.IsType<JournalException>(result.Error);
        Assert.NotEmpty(result.Renditions);
    }

    [Fact]
    public async Task TakeSnapshot_WhileJobsAreResumed_KeepsTheirEarlierPosition()
    {
        await using EmulatedAccount account = await EmulatedAccount.StartAsync(Quick);
        await account.Client.Jobs.RunAsync(account.Request("first", 2), cancellationToken: Cancel);
        JournalPosition early = JournalPosition.After((await account.Client.Journal.ReadAsync(default, new JournalReadOptions { StopWhenCaughtUp = true }, Cancel).FirstAsync(Cancel)).Position.Value!);
        account.Emulator.Faults.Next(EmulatorOperation.BlobWrite, EmulatorFault.Late(TimeSpan.FromMinutes(5)));
        await using EmulatedAccount _ = account;
        using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        Task own = account.Client.Jobs.RunAsync(account.Request("own", 1), cancellationToken: end.Token);
        await account.Emulator.Calls.WaitAsync(call => call.Operation == EmulatorOperation.Process && call.Sequence > 8, Cancel);
        RenditionJobsSnapshot old = new() { Jobs = [new OpenRenditionJob { Request = account.Request("old", 1) with { RequestId = "old" }, Position = early }] };
        Task resumed = account.Client.Jobs.ResumeAsync(old, cancellationToken: end.Token).ToListAsync(end.Token).AsTask();
        while (account.Client.Jobs.TakeSnapshot().Jobs.Count < 2)
        {
            await Task.Delay(5, Cancel);
        }

        RenditionJobsSnapshot snapshot = account.Client.Jobs.TakeSnapshot();
        await end.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => own);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => resumed);

        Assert.Equal(early, snapshot.Jobs.Single(job => job.Request.RequestId == "old").Position);
        Assert.NotEqual(early, snapshot.Jobs.Single(job => job.Request.RequestId != "old").Position);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"jobs":[null]}""")]
    [InlineData("""{"jobs":[{"requestId":"a"}]}""")]
    [InlineData("""{"jobs":[{"requestId":"a","position":"x","request":{"renditions":[]}}]}""")]
    [InlineData("rubbish")]
    public void FromJson_NoSnapshot_SaysSo(string json) =>
        Assert.Throws<FormatException>(() => RenditionJobsSnapshot.FromJson(System.Text.Encoding.UTF8.GetBytes(json)));

    [Fact]
    public async Task ResumeAsync_JobsOfAnEndedProcess_AreAwaitedFromItsPosition()
    {
        await using EmulatedAccount account = await EmulatedAccount.StartAsync(Quick);
        account.Emulator.Faults.Next(EmulatorOperation.BlobWrite, EmulatorFault.Late(TimeSpan.FromMilliseconds(700)), calls: 2);
        byte[] saved;
        await using (AssetComputeClient first = EmulatedAccount.CreateClient(account.Emulator))
        {
            Task<RenditionJobResult> abandoned = first.Jobs.RunAsync(account.Request("a", 3), cancellationToken: Cancel);
            await account.Emulator.Calls.WaitAsync(call => call.Operation == EmulatorOperation.Process && call.Status == 200, Cancel);
            saved = first.Jobs.TakeSnapshot().ToJson();
            await first.DisposeAsync();
            await Assert.ThrowsAnyAsync<Exception>(() => abandoned);
        }

        List<RenditionJobResult> results = await account.Client.Jobs.ResumeAsync(RenditionJobsSnapshot.FromJson(saved), cancellationToken: Cancel).ToListAsync(Cancel);

        RenditionJobResult result = Assert.Single(results);
        Assert.True(result.Succeeded);
        Assert.Equal(["a-0.png", "a-1.png", "a-2.png"], result.Renditions.Select(rendition => rendition.Rendition.Name));
        Assert.Equal(1, account.Emulator.Calls.Count(EmulatorOperation.Process));
    }

    private static void Quick(AssetComputeEmulatorOptions options) => options.Rendering.Mode = EmulatorRenderingMode.None;

    /// <summary>A PNG file of 2 × 2 pixels.</summary>
    private static byte[] TinyPng => Convert.FromBase64String(
        "iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAIAAAD91JpzAAAAFklEQVR4nGP8z8DAwMDAxMDAwMDAAAANHQEDasKb6QAAAABJRU5ErkJggg==");
}
