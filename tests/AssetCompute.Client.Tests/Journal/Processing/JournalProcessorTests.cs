using System.Net;
using AssetCompute.Client.Tests.Jobs;

namespace AssetCompute.Client.Tests.Journal.Processing;

/// <summary>Which events are handled, in what order, and which checkpoints are saved.</summary>
public sealed partial class JournalProcessorTests : IAsyncDisposable
{
    private readonly ProcessorRun _run = new();

    private CancellationToken Cancel => _run.Service.Limit;

    public ValueTask DisposeAsync() => _run.DisposeAsync();

    [Fact]
    public async Task Run_OneByOne_HandlesInOrderAndLeavesTheCheckpointBehindTheLast()
    {
        _run.Publish(0, 250).Start();
        await _run.HandledAsync(250);

        await _run.StopAsync();

        Assert.Equal(Enumerable.Range(0, 250), _run.Handled);
        Assert.Equal(ProcessorRun.At(249), await _run.Store.LoadAsync(ProcessorRun.Checkpoint, Cancel));
        Assert.Equal(ProcessorRun.At(249), _run.State.Snapshot.Stored);
    }

    [Fact]
    public async Task Run_WithACheckpoint_GoesOnBehindIt()
    {
        await _run.Store.SaveAsync(ProcessorRun.Checkpoint, ProcessorRun.At(3), Cancel);
        _run.Options.Start = JournalPosition.Latest;
        _run.Publish(0, 6).Start();

        await _run.HandledAsync(2);
        await _run.CaughtUpAsync();
        await _run.StopAsync();

        Assert.Equal([4, 5], _run.Handled);
    }

    [Fact]
    public async Task Run_StartedAtTheLatest_SavesTheEndOfTheJournalAndLosesNothingAfterIt()
    {
        _run.Options.Start = JournalPosition.Latest;
        _run.Publish(0, 3).Start();
        await _run.CaughtUpAsync();

        await _run.StopAsync();

        Assert.Empty(_run.Handled);
        Assert.Equal(ProcessorRun.At(2), await _run.Store.LoadAsync(ProcessorRun.Checkpoint, Cancel));
    }

    [Fact]
    public async Task Run_NothingNewForLong_SavesThePositionOnce()
    {
        _run.Options.Start = JournalPosition.Latest;
        _run.Publish(0, 3).Start();
        for (int times = 1; times <= 5; times++)
        {
            await _run.CaughtUpAsync(times);
            await FakeService.UntilAsync(() => _run.Service.Time.NextTimer is not null);
            _run.Service.Time.Advance(TimeSpan.FromSeconds(10));
        }

        await _run.StopAsync();

        Assert.Single(_run.Store.Saved);
    }

    [Fact]
    public async Task Run_EventsThatComeLater_AreHandledToo()
    {
        _run.Publish(0, 1).Start();
        await _run.CaughtUpAsync();
        _run.Publish(1, 2);

        await AdvanceUntilAsync(() => _run.Handled.Count == 3);

        Assert.Equal([0, 1, 2], _run.Handled);
    }

    [Fact]
    public async Task Run_State_SaysWhenItLastReadAndWhetherItIsBehind()
    {
        DateTimeOffset start = _run.Service.Time.GetUtcNow();
        _run.Start();
        await FakeService.UntilAsync(() => _run.State.Snapshot is { IsReader: true, IsBehind: false });
        Assert.Equal(start, _run.State.Snapshot.LastGood);

        // The journal does not say that there are no more events.
        _run.Service.HoldsBack = true;
        _run.Publish(0, 1);
        await AdvanceUntilAsync(() => !_run.Handled.IsEmpty);

        Assert.True(_run.State.Snapshot.IsBehind);
        Assert.True(_run.State.Snapshot.LastGood > start);
    }

    [Fact]
    public async Task Run_InBatches_HandsOutFullOnesAndWhatIsLeftAtTheEnd()
    {
        List<int> sizes = [];
        _run.Handle = (entries, _) =>
        {
            sizes.Add(entries.Count);
            return Task.CompletedTask;
        };
        _run.Publish(0, 25).Start(batchSize: 10);

        await _run.HandledAsync(25);
        await _run.StopAsync();

        Assert.Equal([10, 10, 5], sizes);
        Assert.Equal(Enumerable.Range(0, 25), _run.Handled);
        Assert.Equal(ProcessorRun.At(24), await _run.Store.LoadAsync(ProcessorRun.Checkpoint, Cancel));
    }

    [Fact]
    public async Task Run_BatchesLargerThanACommit_StillRunSideBySide()
    {
        (_run.Options.CommitCount, _run.Options.MaxParallelism) = (1, 2);
        int atWork = 0;
        TaskCompletionSource open = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _run.Handle = (_, token) =>
        {
            Interlocked.Increment(ref atWork);
            return open.Task.WaitAsync(token);
        };
        _run.Publish(0, 20).Start(batchSize: 10);

        await FakeService.UntilAsync(() => Volatile.Read(ref atWork) == 2);

        open.SetResult();
        await _run.HandledAsync(20);
    }

    [Fact]
    public async Task Run_EntryWithoutAPosition_LeavesTheCheckpointAtTheOneBefore()
    {
        _run.Service.Instead = request => request.RequestUri!.PathAndQuery == "/events/1"
            ? new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent("""{"events":[{"position":"p:000000","event":{"type":"test","index":0}},{"event":{"type":"test","index":1}}]}""") }
            : null;
        _run.Start();

        await _run.HandledAsync(2);
        await _run.StopAsync();

        Assert.Equal(ProcessorRun.At(0), await _run.Store.LoadAsync(ProcessorRun.Checkpoint, Cancel));
    }

    [Fact]
    public async Task Run_Parallelism_AsManyHandlersAtOnceAndNoMore()
    {
        _run.Options.MaxParallelism = 3;
        int atWork = 0;
        int most = 0;
        TaskCompletionSource open = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _run.Handle = async (_, token) =>
        {
            InterlockedMax(ref most, Interlocked.Increment(ref atWork));
            await open.Task.WaitAsync(token);
            Interlocked.Decrement(ref atWork);
        };
        _run.Publish(0, 20).Start();
        await FakeService.UntilAsync(() => Volatile.Read(ref atWork) == 3);

        open.SetResult();
        await _run.HandledAsync(20);

        Assert.Equal(3, most);
        Assert.Equal(Enumerable.Range(0, 20), _run.Handled.Order());
    }

    [Fact]
    public async Task Run_OneHandlerHangs_TheCheckpointStaysBeforeItsEvent()
    {
        _run.Options.MaxParallelism = 4;
        TaskCompletionSource open = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _run.Handle = (entries, token) => ProcessorRun.IndexOf(entries[0]) == 3 ? open.Task.WaitAsync(token) : Task.CompletedTask;
        _run.Publish(0, 10).Start();
        await _run.HandledAsync(9);

        await AdvanceUntilAsync(() => _run.Store.Saved.LastOrDefault() == ProcessorRun.At(2));
        Assert.DoesNotContain(_run.Store.Saved, position => string.CompareOrdinal(position.Value, FakeService.Position(2)) > 0);

        open.SetResult();
        await _run.HandledAsync(10);
        await _run.StopAsync();
        Assert.Equal(ProcessorRun.At(9), _run.Store.Saved.Last());
    }

    [Fact]
    public async Task Run_CommitCount_IsSavedWithoutWaitingForTheInterval()
    {
        _run.Options.CommitCount = 5;
        _run.Publish(0, 12).Start();

        await FakeService.UntilAsync(() => _run.Store.Saved.Count >= 2);
        await _run.HandledAsync(12);

        Assert.Equal([ProcessorRun.At(4), ProcessorRun.At(9)], _run.Store.Saved.Take(2));
    }

    [Fact]
    public async Task Run_StoreThatIsSlow_NoMoreThanCommitCountEntriesAreUncommitted()
    {
        _run.Options.CommitCount = 5;
        TaskCompletionSource saved = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _run.Store.BeforeSave = () => saved.Task;
        _run.Publish(0, 12).Start();

        await _run.HandledAsync(5);
        await Task.Delay(20, Cancel);
        Assert.Equal(5, _run.Handled.Count);

        saved.SetResult();
        await _run.HandledAsync(12);
    }

    [Fact]
    public async Task Run_FewEvents_AreCommittedWhenTheIntervalIsOver()
    {
        _run.Options.CommitInterval = TimeSpan.FromSeconds(1);
        _run.Publish(0, 2).Start();
        await _run.HandledAsync(2);
        await FakeService.UntilAsync(() => _run.Service.Time.NextTimer == TimeSpan.FromSeconds(1));
        Assert.Empty(_run.Store.Saved);

        _run.Service.Time.Advance(TimeSpan.FromSeconds(1));

        await FakeService.UntilAsync(() => _run.Store.Saved.LastOrDefault() == ProcessorRun.At(1));

        // The interval starts again for later events.
        _run.Publish(2, 1);
        await AdvanceUntilAsync(() => _run.Store.Saved.LastOrDefault() == ProcessorRun.At(2));
    }

    [Fact]
    public async Task Run_ExpiredCheckpointWithAPolicy_TellsTheGapAndGoesOn()
    {
        await _run.Store.SaveAsync(ProcessorRun.Checkpoint, JournalPosition.After("p:expired"), Cancel);
        _run.Options.OnExpired = ExpiredPositionPolicy.Oldest;
        _run.Service.Instead = request => request.RequestUri!.Query.Contains("expired", StringComparison.Ordinal) ? new HttpResponseMessage(HttpStatusCode.Gone) : null;
        _run.Publish(0, 2).Start();

        await _run.HandledAsync(2);

        Assert.Equal(JournalPosition.After("p:expired"), Assert.Single(_run.Notices.OfType<JournalGap>()).Expired);
    }

    [Fact]
    public async Task Run_Journal_IsThatOfTheOptions()
    {
        _run.Options.Journal = new Uri("https://other.example/events/1");
        _run.Publish(0, 1).Start();

        await _run.HandledAsync(1);

        Assert.Equal(0, _run.Service.Calls("/register"));
    }

    private Task AdvanceUntilAsync(Func<bool> condition) => FakeService.UntilAsync(() =>
    {
        _run.Service.Time.Advance(TimeSpan.FromSeconds(1));
        return condition();
    });

    private static void InterlockedMax(ref int most, int value)
    {
        int known;
        while ((known = Volatile.Read(ref most)) < value && Interlocked.CompareExchange(ref most, value, known) != known)
        {
        }
    }
}
