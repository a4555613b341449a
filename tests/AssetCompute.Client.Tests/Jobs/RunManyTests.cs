using System.Runtime.CompilerServices;
using AssetCompute.Client.Tests.Http;

namespace AssetCompute.Client.Tests.Jobs;

/// <summary>Many requests: so many at a time, their results as they finish.</summary>
public sealed class RunManyTests : IAsyncDisposable
{
    private readonly FakeService _service = new();
    private readonly TestAccount _account;
    private readonly IRenditionJobs _jobs;

    public RunManyTests()
    {
        _account = _service.Account();
        _jobs = FakeService.JobsOf(_account);
    }

    private CancellationToken Cancel => _service.Limit;

    public async ValueTask DisposeAsync()
    {
        await _account.DisposeAsync();
        _service.Dispose();
    }

    [Fact]
    public async Task RunManyAsync_ManyRequests_EachHasItsResult()
    {
        ProcessRequest[] requests = [.. Enumerable.Range(0, 100).Select(i => FakeService.Request($"{i}", 2))];

        List<RenditionJobResult> results = await _jobs.RunManyAsync(requests, cancellationToken: Cancel).ToListAsync(Cancel);

        Assert.Equal(requests.Select(request => request.Renditions[0].Name).Order(), results.Select(result => result.Request.Renditions[0].Name).Order());
        Assert.All(results, result => Assert.True(result.Succeeded, result.ToString()));
    }

    [Fact]
    public async Task RunManyAsync_NoRequests_Ends() =>
        Assert.Empty(await _jobs.RunManyAsync(Array.Empty<ProcessRequest>(), cancellationToken: Cancel).ToListAsync(Cancel));

    [Fact]
    public async Task RunManyAsync_LaterRequestIsDoneFirst_ComesFirst()
    {
        _service.OnProcess = static _ => { };
        await using IAsyncEnumerator<RenditionJobResult> results = _jobs.RunManyAsync([FakeService.Request("a", 1), FakeService.Request("b", 1)], cancellationToken: Cancel).GetAsyncEnumerator(Cancel);
        ValueTask<bool> next = results.MoveNextAsync();
        await _service.WaitAsync(service => service.Processed.Count == 2);

        _service.CreateAll(_service.Processed.Single(sent => (string)sent["renditions"]![0]!["name"]! == "b-0"));
        Assert.True(await next);
        Assert.Equal("b-0", results.Current.Request.Renditions[0].Name);

        _service.CreateAll(_service.Processed.Single(sent => (string)sent["renditions"]![0]!["name"]! == "a-0"));
        Assert.True(await results.MoveNextAsync());
        Assert.Equal("a-0", results.Current.Request.Renditions[0].Name);
        Assert.False(await results.MoveNextAsync());
    }

    [Fact]
    public async Task RunManyAsync_MaxInFlight_AsManyAreSentAndNoMoreUntilAResultIsTaken()
    {
        _service.OnProcess = static _ => { };
        ProcessRequest[] requests = [.. Enumerable.Range(0, 5).Select(i => FakeService.Request($"{i}", 1))];
        int asked = 0;
        await using IAsyncEnumerator<RenditionJobResult> results = _jobs.RunManyAsync(Counted(), new RenditionJobOptions { MaxInFlight = 2 }, Cancel).GetAsyncEnumerator(Cancel);
        ValueTask<bool> next = results.MoveNextAsync();
        await _service.WaitAsync(service => service.Processed.Count == 2);

        // One more is taken from the source, and waits for room.
        Assert.InRange(Volatile.Read(ref asked), 2, 3);
        _service.CreateAll(_service.Processed[0]);
        Assert.True(await next);
        await _service.WaitAsync(service => service.Processed.Count == 3);
        Assert.InRange(Volatile.Read(ref asked), 3, 4);

        _service.OnProcess = _service.CreateAll;
        _service.Processed.Skip(1).ToList().ForEach(_service.CreateAll);
        int count = 1;
        while (await results.MoveNextAsync())
        {
            count++;
        }

        Assert.Equal(5, count);

        async IAsyncEnumerable<ProcessRequest> Counted()
        {
            foreach (ProcessRequest request in requests)
            {
                Interlocked.Increment(ref asked);
                yield return request;
            }

            await Task.CompletedTask;
        }
    }

    [Fact]
    public async Task RunManyAsync_RequestThatIsRefused_HasAnErrorInItsResultAndTheOthersGoOn()
    {
        ProcessRequest[] requests = [FakeService.Request("a", 1), new() { RequestId = "bad", Renditions = [] }, FakeService.Request("b", 1)];

        List<RenditionJobResult> results = await _jobs.RunManyAsync(requests, cancellationToken: Cancel).ToListAsync(Cancel);

        RenditionJobResult failed = Assert.Single(results, result => result.Error is not null);
        Assert.Equal(3, results.Count);
        Assert.Equal("bad", failed.RequestId);
        Assert.Same(requests[1], failed.Request);
        Assert.IsType<InvalidProcessRequestException>(failed.Error);
        Assert.Empty(failed.Renditions);
        Assert.False(failed.Succeeded);
    }

    [Fact]
    public async Task RunManyAsync_JobOutOfTime_HasTheEventsThatCameInItsResult()
    {
        List<RenditionEvent> told = [];
        _service.OnProcess = sent => _service.Create(sent, 1);
        RenditionJobOptions options = new() { Timeout = TimeSpan.FromMinutes(1), OnRendition = told.Add };
        Task<List<RenditionJobResult>> running = _jobs.RunManyAsync([FakeService.Request("a", 2)], options, Cancel).ToListAsync(Cancel).AsTask();
        await FakeService.UntilAsync(() => told.Count == 1 && _service.Time.NextTimer == options.Timeout);

        _service.Time.Advance(options.Timeout);

        RenditionJobResult result = Assert.Single(await running);
        Assert.IsType<RenditionJobTimeoutException>(result.Error);
        Assert.Equal(told, result.Renditions);
        Assert.False(result.Succeeded);
    }

    [Fact]
    public async Task RunManyAsync_SourceOfRequestsFails_DeliversTheResultsAndThenTheFailure()
    {
        List<RenditionJobResult> results = [];

        InvalidDataException exception = await Assert.ThrowsAsync<InvalidDataException>(() => CollectAsync(_jobs.RunManyAsync(Failing(), cancellationToken: Cancel), results));

        Assert.Equal("end of list", exception.Message);
        Assert.True(Assert.Single(results).Succeeded);

        static async IAsyncEnumerable<ProcessRequest> Failing()
        {
            yield return FakeService.Request("a", 1);
            await Task.Yield();
            throw new InvalidDataException("end of list");
        }
    }

    [Fact]
    public async Task RunManyAsync_NoRequestInTheMiddle_EndsTheBatchAfterTheResults()
    {
        List<RenditionJobResult> results = [];

        await Assert.ThrowsAsync<ArgumentNullException>("request", () => CollectAsync(_jobs.RunManyAsync([FakeService.Request("a", 1), null!], cancellationToken: Cancel), results));

        Assert.True(Assert.Single(results).Succeeded);
    }

    [Fact]
    public async Task RunManyAsync_LeftEarly_EndsTheWaitsAndSendsNoMore()
    {
        _service.OnProcess = sent =>
        {
            if (_service.Processed.Count == 1)
            {
                _service.CreateAll(sent);
            }
        };

        await foreach (RenditionJobResult result in _jobs.RunManyAsync(Endless(Cancel), new RenditionJobOptions { MaxInFlight = 3 }, Cancel))
        {
            Assert.True(result.Succeeded);
            break;
        }

        Assert.Empty(_jobs.TakeSnapshot().Jobs);
        int sent = _service.Processed.Count;
        Assert.InRange(sent, 1, 4);
        _service.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(sent, _service.Processed.Count);
    }

    [Fact]
    public async Task RunManyAsync_LeftWhileTheSourceOfRequestsHangs_Ends()
    {
        TaskCompletionSource never = new();

        await foreach (RenditionJobResult _ in _jobs.RunManyAsync(ThenNothing(), cancellationToken: Cancel))
        {
            break;
        }

        never.SetResult();

        async IAsyncEnumerable<ProcessRequest> ThenNothing()
        {
            yield return FakeService.Request("a", 1);
            await never.Task;
        }
    }

    [Fact]
    public async Task RunManyAsync_Cancelled_EndsEverything()
    {
        _service.OnProcess = static _ => { };
        using CancellationTokenSource cancel = new();
        Task<List<RenditionJobResult>> running = _jobs.RunManyAsync(Endless(Cancel), new RenditionJobOptions { MaxInFlight = 2 }, cancel.Token).ToListAsync(Cancel).AsTask();
        await _service.WaitAsync(service => service.Processed.Count == 2);

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running.WaitAsync(FakeService.Patience, Cancel));
        Assert.Empty(_jobs.TakeSnapshot().Jobs);
    }

    [Fact]
    public async Task RunManyAsync_CancelledBetweenTwoResults_HandsOutNoMore()
    {
        using CancellationTokenSource cancel = new();
        int count = 0;

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (RenditionJobResult _ in _jobs.RunManyAsync([FakeService.Request("a", 1), FakeService.Request("b", 1)], cancellationToken: cancel.Token))
            {
                count++;
                await cancel.CancelAsync();
            }
        });

        Assert.Equal(1, count);
    }

    [Fact]
    public void RunManyAsync_BadArguments_ThrowsBeforeItIsEnumerated()
    {
        Assert.Throws<ArgumentNullException>("requests", () => _jobs.RunManyAsync((IAsyncEnumerable<ProcessRequest>)null!, cancellationToken: Cancel));
        Assert.Throws<ArgumentNullException>("requests", () => _jobs.RunManyAsync((IEnumerable<ProcessRequest>)null!, cancellationToken: Cancel));
        Assert.Throws<ArgumentNullException>("jobs", () => ((IRenditionJobs)null!).RunManyAsync([], cancellationToken: Cancel));
        Assert.Throws<ArgumentOutOfRangeException>("options", () => _jobs.RunManyAsync([], new RenditionJobOptions { MaxInFlight = 0 }, Cancel));
    }

    private async Task CollectAsync(IAsyncEnumerable<RenditionJobResult> from, List<RenditionJobResult> into)
    {
        await foreach (RenditionJobResult result in from.WithCancellation(Cancel))
        {
            into.Add(result);
        }
    }

    private static async IAsyncEnumerable<ProcessRequest> Endless([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (int i = 0; ; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return FakeService.Request($"{i}", 1);
            await Task.Yield();
        }
    }
}
