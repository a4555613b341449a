using System.Runtime.ExceptionServices;
using AssetCompute.Client.Http.Resilience;
using Microsoft.Extensions.Logging;
using Polly;

namespace AssetCompute.Client.Journal;

/// <summary>
/// Reads a journal from its checkpoint, passes its entries to the user's handler, and saves the position before which all are handled. Entries whose attempts
/// all failed go to the dead letters. One loop starts the handlers and the saves and notes their ends, so its fields need no lock. For one run.
/// </summary>
internal sealed class JournalProcessor(
    JournalReader journal,
    IJournalCheckpointStore store,
    string checkpoint,
    JournalProcessorOptions options,
    int batchSize,
    Func<IReadOnlyList<JournalEntry>, CancellationToken, ValueTask> handle,
    JournalState state,
    ILogger logger,
    TimeProvider timeProvider)
{
    /// <summary>How often a processor retries to find its journal when it starts; the same number as for later reads.</summary>
    private const int MaxOpeningRetries = 9;

    // How many entries may be open or unsaved, which limits how many are handled again after a crash. Less than one batch for each handler would stop them from
    // running in parallel.
    private readonly int _capacity = Math.Max(options.CommitCount, batchSize * options.MaxParallelism);

    // Batches in the order of the journal. One that is handled stays open until all earlier ones are handled.
    private readonly Queue<OpenBatch> _open = new();
    private readonly List<OpenBatch> _running = [];
    private JournalPosition? _savable;
    private int _unsaved;
    private int _inside;

    // The save in progress. Its entries leave the window when the loop notes its end.
    private Task<int>? _saving;
    private Exception? _failure;

    private DateTimeOffset? OldestOpen => _open.Count == 0 ? null : _open.Peek().Since;

    /// <summary>Runs until it is stopped, and drains the entries in progress.</summary>
    /// <exception cref="JournalException">The journal can no longer be read.</exception>
    /// <exception cref="JournalCheckpointException">The checkpoint cannot be read or saved.</exception>
    public async Task RunAsync(CancellationToken stopping)
    {
        Good(static snapshot => snapshot with { IsReader = true, IsBehind = true });
        using CancellationTokenSource handling = new();
        await TryAsync(ProcessAsync(handling.Token, stopping), handling.Token, stopping).ConfigureAwait(false);
        await DrainAsync(handling, stopping).ConfigureAwait(false);
        if (_failure is { } failure)
        {
            state.Update(snapshot => snapshot with { Failure = failure, HasEnded = true });
            JournalLog.ProcessorEnded(logger, failure, checkpoint);
            ExceptionDispatchInfo.Capture(failure).Throw();
        }
    }

    /// <summary>Opens the journal, and processes its batches until the run is stopped or fails.</summary>
    private async Task ProcessAsync(CancellationToken handling, CancellationToken stopping)
    {
        JournalPosition position = await store.LoadAsync(checkpoint, stopping).ConfigureAwait(false) ?? options.Start;
        using CancellationTokenSource reading = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        ResiliencePipeline opening = CreateRetry(
            "journal-opening",
            MaxOpeningRetries,
            static exception => Failure.Of(exception) is not FailureKind.None,
            (exception, _, delay) => JournalLog.Opening(logger, exception.Message, checkpoint, delay));
        ResiliencePipeline retry = CreateRetry(
            "journal-handler",
            options.MaxAttempts - 1,
            static _ => true,
            (exception, attempt, delay) => JournalLog.HandlerRetry(logger, exception, checkpoint, attempt, delay));
        JournalFeed feed = await opening.ExecuteAsync(token => journal.OpenAsync(position, options.ToReadOptions(), token), stopping).ConfigureAwait(false);
        IAsyncEnumerator<JournalBatch> batches = JournalBatch.ReadAsync(feed, position, batchSize, reading.Token).GetAsyncEnumerator(CancellationToken.None);
        Task<bool> next = batches.MoveNextAsync().AsTask();
        Task interval = timeProvider.Delay(options.CommitInterval, reading.Token);
        bool isWaiting = false;
        try
        {
            while (true)
            {
                stopping.ThrowIfCancellationRequested();
                if (_running.Find(static batch => batch.Handling.IsCompleted) is { } ended)
                {
                    _running.Remove(ended);
                    await ended.Handling.ConfigureAwait(false);
                    Retire();
                    Good(snapshot => snapshot with { OldestOpen = OldestOpen });
                }
                else if (_saving is { IsCompleted: true } saved)
                {
                    _saving = null;
                    int count = await saved.ConfigureAwait(false);
                    _inside -= count;
                }
                else if (interval.IsCompleted)
                {
                    _saving ??= SaveAsync();
                    interval = timeProvider.Delay(options.CommitInterval, reading.Token);
                }
                else if (!isWaiting && next.IsCompleted)
                {
                    await next.ConfigureAwait(false);
                    Note(batches.Current, position);
                    position = batches.Current.Position;
                    isWaiting = batches.Current.Entries.Count > 0;
                    next = isWaiting ? next : batches.MoveNextAsync().AsTask();
                }
                else if (isWaiting && _running.Count < options.MaxParallelism && _inside + batches.Current.Entries.Count <= _capacity)
                {
                    Start(batches.Current, retry, handling);
                    isWaiting = false;
                    next = batches.MoveNextAsync().AsTask();
                }
                else if (_saving is null && _unsaved > 0 && (_unsaved >= _capacity || (isWaiting && _running.Count < options.MaxParallelism)))
                {
                    // A commit is full, or the window is: what is saved makes room.
                    _saving = SaveAsync();
                }
                else
                {
                    Task[] ends = [.. _running.Select(static batch => batch.Handling), interval, _saving ?? interval, isWaiting ? interval : next];
                    await Task.WhenAny(ends).ConfigureAwait(false);
                }
            }
        }
        finally
        {
            reading.Cancel();
            try
            {
                await next.ConfigureAwait(false);
            }
            catch (Exception)
            {
                // Only the end of the reading matters. What ended the loop is reported.
            }

            await batches.DisposeAsync().ConfigureAwait(false);
        }
    }

    private void Note(JournalBatch batch, JournalPosition before)
    {
        if (batch.IsMark && batch.Position != before)
        {
            _open.Enqueue(new OpenBatch(Task.CompletedTask, batch.Position, 0, timeProvider.GetUtcNow()));
            Retire();
        }

        if (batch.Notice is null or JournalCaughtUp)
        {
            Good(snapshot => snapshot with { IsBehind = batch.Notice is null });
        }

        if (batch.Notice is { } notice)
        {
            options.OnNotice?.Invoke(notice);
        }
    }

    private void Start(JournalBatch batch, ResiliencePipeline retry, CancellationToken handling)
    {
        OpenBatch open = new(HandleAsync(batch, retry, handling), batch.Position, batch.Entries.Count, timeProvider.GetUtcNow());
        _running.Add(open);
        _open.Enqueue(open);
        _inside += open.Count;
        state.Update(snapshot => snapshot with { OldestOpen = OldestOpen });
    }

    private async Task HandleAsync(JournalBatch batch, ResiliencePipeline retry, CancellationToken cancellationToken)
    {
        // The loop must not wait for a handler that works long before its first wait.
        await Task.Yield();
        JournalDeadLetter letter;
        try
        {
            if (batch.Notice is not JournalEventSkipped skipped)
            {
                await retry.ExecuteAsync(token => handle(batch.Entries, token), cancellationToken).ConfigureAwait(false);
                return;
            }

            letter = new JournalDeadLetter { Entries = batch.Entries, Attempts = 0, Exception = new JournalException(skipped.Reason) };
        }
        catch (Exception exception) when (options.OnDeadLetter is not null && !(exception is OperationCanceledException && cancellationToken.IsCancellationRequested))
        {
            letter = new JournalDeadLetter { Entries = batch.Entries, Attempts = options.MaxAttempts, Exception = exception };
        }

        if (options.OnDeadLetter is { } keep)
        {
            JournalLog.DeadLetter(logger, letter.Exception, checkpoint, letter.Entries.Count, letter.Attempts);
            await keep(letter, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Closes what is handled, up to the first batch that is not.</summary>
    private void Retire()
    {
        while (_open.Count > 0 && _open.Peek() is { Handling.Status: TaskStatus.RanToCompletion } handled)
        {
            _open.Dequeue();
            _savable = handled.Position;
            _unsaved += handled.Count;
        }
    }

    /// <summary>Saves the position before which everything is handled, if it is new. One call at a time.</summary>
    /// <returns>How many entries were unsaved until then.</returns>
    private async Task<int> SaveAsync()
    {
        if (_savable is not { } position)
        {
            return 0;
        }

        // Not tried again after a failure, which ends the run.
        int count = _unsaved;
        (_savable, _unsaved) = (null, 0);

        // The loop must not wait for a store that works long before its first wait.
        await Task.Yield();
        await store.SaveAsync(checkpoint, position, CancellationToken.None).ConfigureAwait(false);
        state.Update(snapshot => snapshot with { Stored = position });
        return count;
    }

    /// <summary>Waits for the handlers, cancels them after the drain timeout, and saves what is handled.</summary>
    private async Task DrainAsync(CancellationTokenSource handling, CancellationToken stopping)
    {
        Task drained = Task.WhenAll(_running.Select(batch => TryAsync(batch.Handling, handling.Token, stopping)));
        try
        {
            await drained.WaitAsync(options.DrainTimeout, timeProvider, CancellationToken.None).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            handling.CancelAndLog(logger);
            await drained.ConfigureAwait(false);
        }

        Retire();
        await TryAsync(_saving ?? Task.CompletedTask, handling.Token, stopping).ConfigureAwait(false);
        await TryAsync(SaveAsync(), handling.Token, stopping).ConfigureAwait(false);
    }

    /// <summary>Waits for a part of the run. The first failure ends the run; later ones are logged.</summary>
    private async Task TryAsync(Task part, CancellationToken handling, CancellationToken stopping)
    {
        try
        {
            await part.ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (handling.IsCancellationRequested || stopping.IsCancellationRequested)
        {
            // Stopped: entries that are open stay so, and the checkpoint stays before them. They are handled again after the next start.
        }
        catch (Exception exception)
        {
            if (Interlocked.CompareExchange(ref _failure, exception, null) is not null)
            {
                JournalLog.LaterFailure(logger, exception, checkpoint);
            }
        }
    }

    private void Good(Func<JournalSnapshot, JournalSnapshot> change) => state.Update(snapshot => change(snapshot) with { LastGood = timeProvider.GetUtcNow() });

    private ResiliencePipeline CreateRetry(string name, int retries, Func<Exception, bool> shouldRetry, Action<Exception, int, TimeSpan> log) => ResiliencePipelines.CreateRetry(
        name,
        retries,
        options.RetryDelay,
        options.MaxRetryDelay,
        shouldRetry,
        arguments =>
        {
            log(arguments.Outcome.Exception!, arguments.AttemptNumber + 1, arguments.RetryDelay);
            return default;
        },
        timeProvider);

    /// <param name="Handling">Ends when the batch is handled.</param>
    /// <param name="Position">The position after the batch.</param>
    /// <param name="Count">How many entries; 0 for a position without entries.</param>
    /// <param name="Since">When the handling began.</param>
    private sealed record OpenBatch(Task Handling, JournalPosition Position, int Count, DateTimeOffset Since);
}
