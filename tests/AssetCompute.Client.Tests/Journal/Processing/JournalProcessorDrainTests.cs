using AssetCompute.Client.Tests.Jobs;

namespace AssetCompute.Client.Tests.Journal.Processing;

/// <summary>How a processor ends while handlers and saves are in progress, and which failure it reports.</summary>
public sealed class JournalProcessorDrainTests : IAsyncDisposable
{
    private readonly ProcessorRun _run = new();
    private readonly TaskCompletionSource[] _gates = [.. Enumerable.Range(0, 3).Select(static _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously))];
    private readonly CancellationToken[] _tokens = new CancellationToken[3];
    private int _begun;

    public JournalProcessorDrainTests()
    {
        _run.Options.MaxAttempts = 1;
        _run.Handle = (entries, token) =>
        {
            int index = ProcessorRun.IndexOf(entries[0]);
            _tokens[index] = token;
            Interlocked.Increment(ref _begun);
            return _gates[index].Task.WaitAsync(token);
        };
    }

    private CancellationToken Cancel => _run.Service.Limit;

    public ValueTask DisposeAsync() => _run.DisposeAsync();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task End_StoreThatHangs_HandlersAreCancelledAfterTheDrainTimeout(bool isStopped)
    {
        _run.Options.MaxParallelism = 2;
        TaskCompletionSource saved = new(TaskCreationOptions.RunContinuationsAsynchronously);
        bool isSaving = false;
        _run.Store.BeforeSave = () =>
        {
            Volatile.Write(ref isSaving, true);
            return saved.Task;
        };
        _run.Publish(0, 3).Start();
        _gates[0].SetResult();
        await BegunAsync(3);
        await AdvanceUntilAsync(() => Volatile.Read(ref isSaving));

        if (isStopped)
        {
            _run.Stop();
        }
        else
        {
            _gates[2].SetException(new InvalidOperationException("first"));
        }

        await DrainingAsync();
        Assert.False(_tokens[1].IsCancellationRequested);
        _run.Service.Time.Advance(_run.Options.DrainTimeout);
        await FakeService.UntilAsync(() => _tokens[1].IsCancellationRequested);

        // The run ends after its last save.
        Assert.False(_run.Running.IsCompleted);
        saved.SetResult();
        Exception? failure = await Record.ExceptionAsync(() => _run.Running.WaitAsync(FakeService.Patience, Cancel));
        Assert.Equal(isStopped ? null : "first", failure?.Message);
        Assert.Equal([ProcessorRun.At(0)], _run.Store.Saved);
    }

    [Fact]
    public async Task End_SaveInProgress_IsAwaitedBeforeTheLastSave()
    {
        TaskCompletionSource saved = new(TaskCreationOptions.RunContinuationsAsynchronously);
        int saves = 0;
        _run.Store.BeforeSave = () => Interlocked.Increment(ref saves) == 1 ? saved.Task : Task.CompletedTask;
        _run.Publish(0, 2).Start();
        _gates[0].SetResult();
        await BegunAsync(2);
        await AdvanceUntilAsync(() => Volatile.Read(ref saves) == 1);

        _run.Stop();
        await DrainingAsync();
        _gates[1].SetResult();
        await _run.HandledAsync(2);
        Assert.Equal(1, Volatile.Read(ref saves));
        saved.SetResult();
        await _run.Running.WaitAsync(FakeService.Patience, Cancel);

        Assert.Equal([ProcessorRun.At(0), ProcessorRun.At(1)], _run.Store.Saved);
    }

    [Fact]
    public async Task Run_HandlersThatFailOneAfterTheOther_ReportsTheFirstFailure()
    {
        _run.Options.MaxParallelism = 3;
        _run.Publish(0, 3).Start();
        await BegunAsync(3);

        _gates[1].SetException(new InvalidOperationException("first"));
        await DrainingAsync();
        _gates[2].SetException(new InvalidOperationException("second"));
        _gates[0].SetException(new InvalidOperationException("third"));

        InvalidOperationException failure = await Assert.ThrowsAsync<InvalidOperationException>(() => _run.Running.WaitAsync(FakeService.Patience, Cancel));
        Assert.Equal("first", failure.Message);
        Assert.Same(failure, _run.State.Snapshot.Failure);
        Assert.Empty(_run.Store.Saved);
    }

    [Fact]
    public async Task Run_HandlerThatFailsAndAStoreThatCannotSave_ReportsTheFirstFailure()
    {
        _run.Options.MaxParallelism = 2;
        _run.Store.BeforeSave = static () => throw new JournalCheckpointException("second");
        _run.Publish(0, 2).Start();
        await BegunAsync(2);

        _gates[1].SetException(new InvalidOperationException("first"));
        await DrainingAsync();
        _gates[0].SetResult();

        await Assert.ThrowsAsync<InvalidOperationException>(() => _run.Running.WaitAsync(FakeService.Patience, Cancel));
    }

    [Fact]
    public async Task Run_HandlerThatFails_IsReportedAlthoughTheHostIsStoppedAndAnotherHandlerCancels()
    {
        _run.Options.MaxParallelism = 2;
        _run.Publish(0, 2).Start();
        await BegunAsync(2);

        _gates[1].SetException(new InvalidOperationException("first"));
        await DrainingAsync();
        _run.Stop();
        _gates[0].SetException(new TaskCanceledException("The handler's own call took too long."));

        InvalidOperationException failure = await Assert.ThrowsAsync<InvalidOperationException>(() => _run.Running.WaitAsync(FakeService.Patience, Cancel));
        Assert.Same(failure, _run.State.Snapshot.Failure);
    }

    [Fact]
    public async Task Stop_HandlerThatFailsAfterwards_IsReported()
    {
        _run.Publish(0, 1).Start();
        await BegunAsync(1);

        _run.Stop();
        await DrainingAsync();
        _gates[0].SetException(new InvalidOperationException("first"));

        InvalidOperationException failure = await Assert.ThrowsAsync<InvalidOperationException>(() => _run.Running.WaitAsync(FakeService.Patience, Cancel));
        Assert.Same(failure, _run.State.Snapshot.Failure);
    }

    private Task BegunAsync(int count) => FakeService.UntilAsync(() => Volatile.Read(ref _begun) == count);

    /// <summary>Waits until the drain timeout runs: reading has stopped, so no other timer is as near.</summary>
    private Task DrainingAsync() => FakeService.UntilAsync(() => _run.Service.Time.NextTimer == _run.Options.DrainTimeout);

    private Task AdvanceUntilAsync(Func<bool> condition) => FakeService.UntilAsync(() =>
    {
        _run.Service.Time.Advance(TimeSpan.FromSeconds(1));
        return condition();
    });
}
