using System.Collections.Concurrent;
using System.Net;
using AssetCompute.Client.Tests.Jobs;

namespace AssetCompute.Client.Tests.Journal.Processing;

/// <summary>Failures of handlers, stores and journals, and how a processor stops.</summary>
public sealed class JournalProcessorFailureTests : IAsyncDisposable
{
    private readonly ProcessorRun _run = new();
    private readonly ConcurrentQueue<int> _begun = [];

    private CancellationToken Cancel => _run.Service.Limit;

    public ValueTask DisposeAsync() => _run.DisposeAsync();

    [Fact]
    public async Task Run_HandlerFailsAtFirst_IsTriedAgainAfterADelayThatGrows()
    {
        Failing(index => index == 1 && _begun.Count(begun => begun == 1) < 3);
        _run.Publish(0, 3).Start();

        await FakeService.UntilAsync(() => _begun.Count(begun => begun == 1) == 1 && _run.Service.Time.NextTimer is not null);
        await AdvanceUntilAsync(() => _run.Handled.Count == 3);

        Assert.Equal([0, 1, 1, 1, 2], _begun);
        Assert.Equal([0, 1, 2], _run.Handled);
    }

    [Fact]
    public async Task Run_EveryAttemptFailsAndNobodyTakesDeadLetters_EndsBeforeTheEvent()
    {
        _run.Options.MaxAttempts = 2;
        Failing(index => index == 2);
        _run.Publish(0, 5).Start();

        await AdvanceUntilAsync(() => _run.Running.IsCompleted);

        InvalidOperationException failure = await Assert.ThrowsAsync<InvalidOperationException>(() => _run.Running);
        Assert.Same(failure, _run.State.Snapshot.Failure);
        Assert.Equal([0, 1, 2, 2], _begun);
        Assert.Equal(ProcessorRun.At(1), await _run.Store.LoadAsync(ProcessorRun.Checkpoint, Cancel));
    }

    [Fact]
    public async Task Run_OneAttemptOnly_EndsAtTheFirstFailure()
    {
        _run.Options.MaxAttempts = 1;
        Failing(static _ => true);
        _run.Publish(0, 2).Start();

        await Assert.ThrowsAsync<InvalidOperationException>(() => _run.Running.WaitAsync(FakeService.Patience, Cancel));

        Assert.Equal([0], _begun);
        Assert.Null(await _run.Store.LoadAsync(ProcessorRun.Checkpoint, Cancel));
    }

    [Fact]
    public async Task Run_HandlerThatCancelsByItself_CountsAsAFailure()
    {
        _run.Options.MaxAttempts = 2;
        _run.Handle = (entries, _) =>
        {
            _begun.Enqueue(ProcessorRun.IndexOf(entries[0]));
            throw new TaskCanceledException("The handler's own call took too long.");
        };
        _run.Publish(0, 1).Start();

        await AdvanceUntilAsync(() => _run.Running.IsCompleted);

        await Assert.ThrowsAsync<TaskCanceledException>(() => _run.Running);
        Assert.Equal([0, 0], _begun);
    }

    [Fact]
    public async Task Run_EveryAttemptFails_HandsTheEntryToTheDeadLettersAndGoesOn()
    {
        ConcurrentQueue<JournalDeadLetter> letters = [];
        _run.Options.MaxAttempts = 3;
        _run.Options.OnDeadLetter = (letter, _) =>
        {
            letters.Enqueue(letter);
            return default;
        };
        Failing(index => index == 2);
        _run.Publish(0, 5).Start();

        await AdvanceUntilAsync(() => _run.Handled.Count == 4);
        await _run.StopAsync();

        JournalDeadLetter letter = Assert.Single(letters);
        Assert.Equal(2, ProcessorRun.IndexOf(Assert.Single(letter.Entries)));
        Assert.Equal(3, letter.Attempts);
        Assert.Equal("not this one", letter.Exception.Message);
        Assert.Equal([0, 1, 3, 4], _run.Handled);
        Assert.Equal(ProcessorRun.At(4), await _run.Store.LoadAsync(ProcessorRun.Checkpoint, Cancel));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Run_EventThatIsSkipped_IsADeadLetterWithoutAnAttemptAndTheRestIsHandled(bool hasDeadLetters)
    {
        ConcurrentQueue<JournalDeadLetter> letters = [];
        _run.Options.OnDeadLetter = hasDeadLetters ? (letter, _) =>
        {
            letters.Enqueue(letter);
            return default;
        }
        : null;
        _run.Publish(0, 1);
        _run.Service.Publish(FakeService.Deep(300));
        _run.Publish(2, 1).Start(batchSize: 10);

        await _run.HandledAsync(2);
        await _run.CaughtUpAsync();
        await _run.StopAsync();

        Assert.Equal([0, 2], _run.Handled);
        Assert.Equal(ProcessorRun.At(1), Assert.Single(_run.Notices.OfType<JournalEventSkipped>()).Position);
        Assert.Equal(hasDeadLetters ? [(ProcessorRun.At(1), 0)] : [], letters.Select(letter => (Assert.Single(letter.Entries).Position, letter.Attempts)));
        Assert.All(letters, letter => Assert.Contains("256", Assert.IsType<JournalException>(letter.Exception).Message, StringComparison.Ordinal));
        Assert.Equal(ProcessorRun.At(2), await _run.Store.LoadAsync(ProcessorRun.Checkpoint, Cancel));
    }

    [Fact]
    public async Task Run_DeadLettersThatFail_EndTheProcessorBeforeTheEvent()
    {
        _run.Options.MaxAttempts = 1;
        _run.Options.OnDeadLetter = static (_, _) => throw new DivideByZeroException();
        Failing(index => index == 1);
        _run.Publish(0, 3).Start();

        await Assert.ThrowsAsync<DivideByZeroException>(() => _run.Running.WaitAsync(FakeService.Patience, Cancel));

        Assert.Equal(ProcessorRun.At(0), await _run.Store.LoadAsync(ProcessorRun.Checkpoint, Cancel));
    }

    [Fact]
    public async Task Run_StoreThatCannotLoad_EndsBeforeAnyEvent()
    {
        _run.Store.BeforeLoad = static () => throw new JournalCheckpointException("no disk");
        _run.Publish(0, 3).Start();

        await Assert.ThrowsAsync<JournalCheckpointException>(() => _run.Running.WaitAsync(FakeService.Patience, Cancel));

        Assert.Empty(_run.Handled);
        Assert.IsType<JournalCheckpointException>(_run.State.Snapshot.Failure);
    }

    [Fact]
    public async Task Run_StoreThatCannotSave_EndsAndHandlesNoMoreThanOneCommit()
    {
        _run.Options.CommitCount = 4;
        _run.Store.BeforeSave = static () => throw new JournalCheckpointException("disk full");
        _run.Publish(0, 20).Start();

        await Assert.ThrowsAsync<JournalCheckpointException>(() => _run.Running.WaitAsync(FakeService.Patience, Cancel));

        Assert.Equal(Enumerable.Range(0, 4), _run.Handled);
        Assert.Null(_run.State.Snapshot.Stored);
    }

    [Fact]
    public async Task Run_StoreThatCannotSaveAtTheEnd_SaysSo()
    {
        _run.Store.BeforeSave = static () => throw new JournalCheckpointException("disk full");
        _run.Publish(0, 1).Start();
        await _run.HandledAsync(1);
        await FakeService.UntilAsync(() => _run.State.Snapshot.OldestOpen is null);

        await Assert.ThrowsAsync<JournalCheckpointException>(_run.StopAsync);
    }

    [Fact]
    public async Task Stop_HandlersAtWork_WaitsForThemBeginsNoMoreAndCommits()
    {
        TaskCompletionSource open = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _run.Options.MaxParallelism = 2;
        _run.Handle = (entries, token) =>
        {
            _begun.Enqueue(ProcessorRun.IndexOf(entries[0]));
            return open.Task.WaitAsync(token);
        };
        _run.Publish(0, 5).Start();
        await FakeService.UntilAsync(() => _begun.Count == 2);

        _run.Stop();
        await FakeService.UntilAsync(() => _run.Service.Time.NextTimer == _run.Options.DrainTimeout);
        Assert.False(_run.Running.IsCompleted);
        open.SetResult();
        await _run.Running.WaitAsync(FakeService.Patience, Cancel);

        Assert.Equal([0, 1], _run.Handled.Order());
        Assert.Equal(2, _begun.Count);
        Assert.Equal(ProcessorRun.At(1), await _run.Store.LoadAsync(ProcessorRun.Checkpoint, Cancel));
        Assert.Null(_run.State.Snapshot.Failure);
    }

    [Fact]
    public async Task Stop_HandlerThatTakesTooLong_IsCancelledAndItsEventComesAgain()
    {
        _run.Options.CommitInterval = TimeSpan.FromHours(1);
        _run.Handle = (entries, token) =>
        {
            _begun.Enqueue(ProcessorRun.IndexOf(entries[0]));
            return ProcessorRun.IndexOf(entries[0]) == 1 ? Task.Delay(Timeout.InfiniteTimeSpan, token) : Task.CompletedTask;
        };
        _run.Publish(0, 3).Start();
        await FakeService.UntilAsync(() => _begun.Count == 2);

        _run.Stop();
        await FakeService.UntilAsync(() => _run.Service.Time.NextTimer == _run.Options.DrainTimeout);
        _run.Service.Time.Advance(_run.Options.DrainTimeout);
        await _run.Running.WaitAsync(FakeService.Patience, Cancel);

        Assert.Equal([0], _run.Handled);
        Assert.Equal(ProcessorRun.At(0), await _run.Store.LoadAsync(ProcessorRun.Checkpoint, Cancel));
        Assert.Null(_run.State.Snapshot.Failure);
    }

    [Theory]
    [InlineData(HttpStatusCode.ServiceUnavailable, 10)]
    [InlineData(HttpStatusCode.TooManyRequests, 10)]
    [InlineData(HttpStatusCode.BadRequest, 1)]
    public async Task Run_JournalThatCannotBeFound_IsTriedAgainWhereThatMayHelp(HttpStatusCode status, int attempts)
    {
        _run.Service.Instead = request => request.RequestUri!.AbsolutePath == "/register" ? new HttpResponseMessage(status) { Content = new StringContent("") } : null;
        _run.Start();

        await AdvanceUntilAsync(() => _run.Running.IsCompleted);

        await Assert.ThrowsAnyAsync<AssetComputeException>(() => _run.Running);
        Assert.Equal(attempts, _run.Service.Calls("/register"));
    }

    [Fact]
    public async Task Run_JournalThatIsFoundInTheEnd_IsRead()
    {
        int failures = 3;
        _run.Service.Instead = request => request.RequestUri!.AbsolutePath == "/register" && failures-- > 0 ? new HttpResponseMessage(HttpStatusCode.ServiceUnavailable) { Content = new StringContent("") } : null;
        _run.Publish(0, 1).Start();

        await AdvanceUntilAsync(() => _run.Handled.Count == 1);
    }

    [Fact]
    public async Task Run_NoticeThatThrows_EndsTheProcessor()
    {
        _run.Options.OnNotice = static _ => throw new DivideByZeroException();
        _run.Publish(0, 1).Start();

        await Assert.ThrowsAsync<DivideByZeroException>(() => _run.Running.WaitAsync(FakeService.Patience, Cancel));

        Assert.Equal([0], _run.Handled);
    }

    [Fact]
    public async Task Run_JournalThatCannotBeReadAnyMore_EndsAfterWhatWasRead()
    {
        _run.Service.Instead = request => request.RequestUri!.Query.Contains("since=", StringComparison.Ordinal) ? new HttpResponseMessage(HttpStatusCode.Gone) : null;
        _run.Publish(0, 2).Start();

        JournalException failure = await Assert.ThrowsAsync<JournalException>(() => _run.Running.WaitAsync(FakeService.Patience, Cancel));

        Assert.Equal(ProcessorRun.At(1), failure.Position);
        Assert.Equal([0, 1], _run.Handled);
        Assert.Equal(ProcessorRun.At(1), await _run.Store.LoadAsync(ProcessorRun.Checkpoint, Cancel));
    }

    private void Failing(Func<int, bool> fails) => _run.Handle = (entries, _) =>
    {
        _begun.Enqueue(ProcessorRun.IndexOf(entries[0]));
        return fails(ProcessorRun.IndexOf(entries[0])) ? throw new InvalidOperationException("not this one") : Task.CompletedTask;
    };

    private Task AdvanceUntilAsync(Func<bool> condition) => FakeService.UntilAsync(() =>
    {
        _run.Service.Time.Advance(TimeSpan.FromSeconds(30));
        return condition();
    });
}
