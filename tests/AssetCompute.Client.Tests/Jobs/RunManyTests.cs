using System.Runtime.CompilerServices;
using AssetCompute.Client.Tests.Http;

namespace AssetCompute.Client.Tests.Jobs;

/// <summary>Many requests, with limited concurrency and results in order of completion.</summary>
public sealed class RunManyTests : JobsBench
{
    [Fact]
    public async Task RunManyAsync_ManyRequests_EachHasItsResult()
    {
        ProcessRequest[] requests = [.. Enumerable.Range(0, 100).Select(i => FakeService.Request($"{i}", 2))];

        List<RenditionJobResult> results = await Jobs.RunManyAsync(requests, cancellationToken: Cancel).ToListAsync(Cancel);

        Assert.Equal(requests.Select(request => request.Renditions[0].Name).Order(), results.Select(result => result.Request.Renditions[0].Name).Order());
        Assert.All(results, result => Assert.True(result.Succeeded, result.ToString()));
    }

    [Fact]
    public async Task RunManyAsync_NoRequests_Ends() =>
        Assert.Empty(await Jobs.RunManyAsync(Array.Empty<ProcessRequest>(), cancellationToken: Cancel).ToListAsync(Cancel));

    [Fact]
    public async Task RunManyAsync_LaterRequestIsDoneFirst_ComesFirst()
    {
        Service.OnProcess = static _ => { };
        await using IAsyncEnumerator<RenditionJobResult> results = Jobs.RunManyAsync([FakeService.Request("a", 1), FakeService.Request("b", 1)], cancellationToken: Cancel).GetAsyncEnumerator(Cancel);
        ValueTask<bool> next = results.MoveNextAsync();
        await Service.WaitAsync(service => service.Processed.Count == 2);

        Service.CreateAll(Service.Processed.Single(sent => (string)sent["renditions"]![0]!["name"]! == "b-0"));
        Assert.True(await next);
        Assert.Equal("b-0", results.Current.Request.Renditions[0].Name);

        Service.CreateAll(Service.Processed.Single(sent => (string)sent["renditions"]![0]!["name"]! == "a-0"));
        Assert.True(await results.MoveNextAsync());
        Assert.Equal("a-0", results.Current.Request.Renditions[0].Name);
        Assert.False(await results.MoveNextAsync());
    }

    [Fact]
    public async Task RunManyAsync_MaxInFlight_AsManyAreSentAndNoMoreUntilAResultIsTaken()
    {
        Service.OnProcess = static _ => { };
        ProcessRequest[] requests = [.. Enumerable.Range(0, 5).Select(i => FakeService.Request($"{i}", 1))];
        int asked = 0;
        await using IAsyncEnumerator<RenditionJobResult> results = Jobs.RunManyAsync(Counted(), new RenditionJobOptions { MaxInFlight = 2 }, Cancel).GetAsyncEnumerator(Cancel);
        ValueTask<bool> next = results.MoveNextAsync();
        await Service.WaitAsync(service => service.Processed.Count == 2);

        // One more request may be taken from the source and then wait for a free slot.
        Assert.InRange(Volatile.Read(ref asked), 2, 3);
        Service.CreateAll(Service.Processed[0]);
        Assert.True(await next);
        await Service.WaitAsync(service => service.Processed.Count == 3);
        Assert.InRange(Volatile.Read(ref asked), 3, 4);

        Service.OnProcess = Service.CreateAll;
        Service.Processed.Skip(1).ToList().ForEach(Service.CreateAll);
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

        List<RenditionJobResult> results = await Jobs.RunManyAsync(requests, cancellationToken: Cancel).ToListAsync(Cancel);

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
        Service.OnProcess = sent => Service.Create(sent, 1);
        RenditionJobOptions options = new() { Timeout = TimeSpan.FromMinutes(1), OnRendition = told.Add };
        Task<List<RenditionJobResult>> running = Jobs.RunManyAsync([FakeService.Request("a", 2)], options, Cancel).ToListAsync(Cancel).AsTask();
        await FakeService.UntilAsync(() => told.Count == 1 && Service.Time.NextTimer == options.Timeout);

        Service.Time.Advance(options.Timeout);

        RenditionJobResult result = Assert.Single(await running);
        Assert.IsType<RenditionJobTimeoutException>(result.Error);
        Assert.Equal(told, result.Renditions);
        Assert.False(result.Succeeded);
    }

    [Fact]
    public async Task RunManyAsync_SourceOfRequestsFails_DeliversTheResultsAndThenTheFailure()
    {
        List<RenditionJobResult> results = [];

        InvalidDataException exception = await Assert.ThrowsAsync<InvalidDataException>(() => CollectAsync(Jobs.RunManyAsync(Failing(), cancellationToken: Cancel), results));

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

        await Assert.ThrowsAsync<ArgumentNullException>("request", () => CollectAsync(Jobs.RunManyAsync([FakeService.Request("a", 1), null!], cancellationToken: Cancel), results));

        Assert.True(Assert.Single(results).Succeeded);
    }

    [Fact]
    public async Task RunManyAsync_LeftEarly_EndsTheWaitsAndSendsNoMore()
    {
        Service.OnProcess = sent =>
        {
            if (Service.Processed.Count == 1)
            {
                Service.CreateAll(sent);
            }
        };

        await foreach (RenditionJobResult result in Jobs.RunManyAsync(Endless(Cancel), new RenditionJobOptions { MaxInFlight = 3 }, Cancel))
        {
            Assert.True(result.Succeeded);
            break;
        }

        Assert.Empty(Jobs.TakeSnapshot().Jobs);
        int sent = Service.Processed.Count;
        Assert.InRange(sent, 1, 4);
        Service.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(sent, Service.Processed.Count);
    }

    [Fact]
    public async Task RunManyAsync_LeftWhileTheSourceOfRequestsHangs_Ends()
    {
        TaskCompletionSource never = new();

        await foreach (RenditionJobResult _ in Jobs.RunManyAsync(ThenNothing(), cancellationToken: Cancel))
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
        Service.OnProcess = static _ => { };
        using CancellationTokenSource cancel = new();
        Task<List<RenditionJobResult>> running = Jobs.RunManyAsync(Endless(Cancel), new RenditionJobOptions { MaxInFlight = 2 }, cancel.Token).ToListAsync(Cancel).AsTask();
        await Service.WaitAsync(service => service.Processed.Count == 2);

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running.WaitAsync(FakeService.Patience, Cancel));
        Assert.Empty(Jobs.TakeSnapshot().Jobs);
    }

    [Fact]
    public async Task RunManyAsync_CancelledBetweenTwoResults_HandsOutNoMore()
    {
        using CancellationTokenSource cancel = new();
        int count = 0;

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (RenditionJobResult _ in Jobs.RunManyAsync([FakeService.Request("a", 1), FakeService.Request("b", 1)], cancellationToken: cancel.Token))
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
        Assert.Throws<ArgumentNullException>("requests", () => Jobs.RunManyAsync((IAsyncEnumerable<ProcessRequest>)null!, cancellationToken: Cancel));
        Assert.Throws<ArgumentNullException>("requests", () => Jobs.RunManyAsync((IEnumerable<ProcessRequest>)null!, cancellationToken: Cancel));
        Assert.Throws<ArgumentNullException>("jobs", () => ((IRenditionJobs)null!).RunManyAsync([], cancellationToken: Cancel));
        Assert.Throws<ArgumentOutOfRangeException>("options", () => Jobs.RunManyAsync([], new RenditionJobOptions { MaxInFlight = 0 }, Cancel));
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
