using AssetCompute.Client.Http.Resilience;
using Microsoft.Extensions.Logging;
using Polly;

namespace AssetCompute.Client.Journal;

/// <summary>
/// Reads a journal from its checkpoint, hands the entries out, and moves the checkpoint behind what is handled. Never passes an entry that
/// is not.
/// </summary>
internal sealed class JournalProcessor : IDisposable
{
    /// <summary>How often a processor tries again to find its journal when it starts: as often as reading it later.</summary>
    private const int MaxOpeningRetries = 9;

    private readonly JournalFeedFactory _feeds;
    private readonly JournalProcessorOptions _options;
    private readonly JournalProcessorState _state;
    private readonly ILogger _logger;
    private readonly string _checkpoint;
    private readonly JournalCommitter _committer;
    private readonly TimeProvider _timeProvider;
    private readonly Func<IReadOnlyList<JournalEntry>, CancellationToken, ValueTask> _handle;
    private readonly int _batchSize;
    private readonly ResiliencePipeline _retry;
    private readonly ResiliencePipeline _opening;
    private readonly CommitWindow _window;
    private readonly List<JournalEntry> _batch = [];
    private Exception? _failure;
    private JournalPosition _passed;

    public JournalProcessor(
        JournalFeedFactory feeds,
        IJournalCheckpointStore store,
        string checkpoint,
        JournalProcessorOptions options,
        int batchSize,
        Func<IReadOnlyList<JournalEntry>, CancellationToken, ValueTask> handle,
        JournalProcessorState state,
        ILogger logger,
        TimeProvider timeProvider)
    {
        _logger = logger;
        _checkpoint = checkpoint;
        _feeds = feeds;
        _options = options;
        _batchSize = batchSize;
        _handle = handle;
        _state = state;
        _timeProvider = timeProvider;
        // Or no batches could run side by side.
        _window = new CommitWindow(Math.Max(options.CommitCount, batchSize * options.MaxParallelism), timeProvider);
        state.OldestOpen = () => _window.OldestOpen;
        _committer = new JournalCommitter(store, checkpoint, _window, options.CommitInterval, state, timeProvider);
        _opening = ResiliencePipelines.CreateRetry(
            "journal-opening",
            MaxOpeningRetries,
            options.RetryDelay,
            options.MaxRetryDelay,
            static exception => Failure.Of(exception) is not FailureKind.None,
            arguments =>
            {
                JournalLog.Opening(logger, arguments.Outcome.Exception!.Message, checkpoint, arguments.RetryDelay);
                return default;
            },
            timeProvider);
        _retry = ResiliencePipelines.CreateRetry(
            "journal-handler",
            Math.Max(0, options.MaxAttempts - 1),
            options.RetryDelay,
            options.MaxRetryDelay,
            static _ => true,
            arguments =>
            {
                JournalLog.HandlerRetry(logger, arguments.Outcome.Exception!, checkpoint, arguments.AttemptNumber + 1, arguments.RetryDelay);
                return default;
            },
            timeProvider);
    }

    /// <summary>Runs until it is told to stop, and drains what is being handled.</summary>
    /// <exception cref="JournalException">The journal cannot be read any more.</exception>
    /// <exception cref="JournalCheckpointException">The checkpoint cannot be read or saved.</exception>
    public async Task RunAsync(CancellationToken stopping)
    {
        _state.Update(snapshot => snapshot with { StartedAt = _timeProvider.GetUtcNow() });
        using CancellationTokenSource reading = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        using CancellationTokenSource handling = new();
        using SemaphoreSlim slots = new(_options.MaxParallelism, _options.MaxParallelism);
        try
        {
            JournalPosition start = await _committer.LoadAsync(stopping).ConfigureAwait(false) ?? _options.Start;
            _committer.Start(exception => Fail(exception, reading));
            await ReadAsync(start, slots, reading, handling.Token).ConfigureAwait(false);
        }
        catch (Exception exception) when (!(exception is OperationCanceledException && reading.IsCancellationRequested))
        {
            Fail(exception, reading);
        }
        catch (OperationCanceledException)
        {
            // Told to stop, or failed: what is under way is drained below either way.
        }

        await DrainAsync(slots, handling).ConfigureAwait(false);
        if (await _committer.StopAsync().ConfigureAwait(false) is { } unsaved)
        {
            Fail(unsaved, reading);
        }

        if (_failure is { } failure)
        {
            _state.Update(snapshot => snapshot with { Failure = failure });
            JournalLog.ProcessorEnded(_logger, failure, _checkpoint);
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Capture(failure).Throw();
        }
    }

    public void Dispose() => _window.Dispose();

    private async Task ReadAsync(JournalPosition start, SemaphoreSlim slots, CancellationTokenSource reading, CancellationToken handling)
    {
        JournalReadOptions options = new() { Journal = _options.Journal, PageSize = _options.PageSize, OnExpired = _options.OnExpired };
        JournalFeed feed = await _opening.ExecuteAsync(
            static (open, token) => open.Feeds.CreateAsync(open.Start, open.Options, token),
            (Feeds: _feeds, Start: start, Options: options),
            reading.Token).ConfigureAwait(false);
        JournalPosition position = start;
        await foreach (JournalFeedItem item in feed.ReadAsync(reading.Token).ConfigureAwait(false))
        {
            if (item.Notice is { } notice)
            {
                // What is here is not held back until the batch is full: nothing more may come for long.
                await DispatchAsync(position, slots, reading, handling).ConfigureAwait(false);
                Note(notice, position);
                position = notice.Position.Value is null ? position : notice.Position;
                if (notice is JournalEventSkipped skipped)
                {
                    _batch.Add(skipped.Entry);
                    await DispatchAsync(position, slots, reading, handling, skipped.Reason).ConfigureAwait(false);
                }
            }

            if (item.Entries is { } entries)
            {
                _state.Update(snapshot => snapshot with { LastRead = _timeProvider.GetUtcNow(), IsBehind = true });
                foreach (JournalEntry entry in entries)
                {
                    _batch.Add(entry);
                    position = entry.Position == JournalPosition.Oldest ? position : entry.Position;
                    if (_batch.Count >= _batchSize)
                    {
                        await DispatchAsync(position, slots, reading, handling).ConfigureAwait(false);
                    }
                }
            }
        }
    }

    /// <param name="position">The position that everything before is handled with this.</param>
    /// <param name="slots">What bounds the calls of the handler.</param>
    /// <param name="reading">Ends the reading.</param>
    /// <param name="handling">Ends the handlers.</param>
    /// <param name="problem">Why the batch cannot be handled, so that it is a dead letter without an attempt; null otherwise.</param>
    private async ValueTask DispatchAsync(JournalPosition position, SemaphoreSlim slots, CancellationTokenSource reading, CancellationToken handling, string? problem = null)
    {
        if (_batch.Count == 0)
        {
            return;
        }

        JournalEntry[] entries = [.. _batch];
        _batch.Clear();
        CommitWindow.Item? item;
        await slots.WaitAsync(reading.Token).ConfigureAwait(false);
        try
        {
            while (!_window.TryAdd(position, entries.Length, out item))
            {
                _committer.Schedule();
                await _window.WaitForRoomAsync(reading.Token).ConfigureAwait(false);
            }

            // The slot may have come free because its handler failed: nothing behind that entry is begun.
            reading.Token.ThrowIfCancellationRequested();
        }
        catch (OperationCanceledException)
        {
            slots.Release();
            throw;
        }

        _ = HandleAsync(item, entries, problem, slots, reading, handling);
    }

    /// <summary>Owned by its slot: draining waits for every slot.</summary>
    private async Task HandleAsync(CommitWindow.Item item, JournalEntry[] entries, string? problem, SemaphoreSlim slots, CancellationTokenSource reading, CancellationToken handling)
    {
        try
        {
            await Task.Yield();
            if (problem is null)
            {
                await TryHandleAsync(entries, handling).ConfigureAwait(false);
            }
            else
            {
                await DeadLetterAsync(entries, attempts: 0, new JournalException(problem), handling).ConfigureAwait(false);
            }

            _window.Complete(item);
            _committer.Schedule();
            _state.Update(snapshot => snapshot with { LastHandled = _timeProvider.GetUtcNow() });
        }
        catch (Exception exception)
        {
            // The entry stays open, and with it the checkpoint: it is handled again when the processor is started again.
            if (!(exception is OperationCanceledException && handling.IsCancellationRequested))
            {
                Fail(exception, reading);
            }
        }
        finally
        {
            slots.Release();
        }
    }

    private async ValueTask TryHandleAsync(JournalEntry[] entries, CancellationToken handling)
    {
        try
        {
            await _retry.ExecuteAsync(static (work, token) => work.Processor._handle(work.Entries, token), (Processor: this, Entries: entries), handling).ConfigureAwait(false);
        }
        catch (Exception exception) when (_options.OnDeadLetter is not null && !(exception is OperationCanceledException && handling.IsCancellationRequested))
        {
            await DeadLetterAsync(entries, _options.MaxAttempts, exception, handling).ConfigureAwait(false);
        }
    }

    private async ValueTask DeadLetterAsync(JournalEntry[] entries, int attempts, Exception exception, CancellationToken handling)
    {
        if (_options.OnDeadLetter is { } onDeadLetter)
        {
            JournalLog.DeadLetter(_logger, exception, _checkpoint, entries.Length, attempts);
            await onDeadLetter(new JournalDeadLetter { Entries = entries, Attempts = attempts, Exception = exception }, handling).ConfigureAwait(false);
        }
    }

    private async Task DrainAsync(SemaphoreSlim slots, CancellationTokenSource handling)
    {
        ITimer limit = _timeProvider.CreateTimer(_ => TimerCancellation.Cancel(handling, _logger), state: null, _options.DrainTimeout, Timeout.InfiniteTimeSpan);
        await using (limit.ConfigureAwait(false))
        {
            for (int i = 0; i < _options.MaxParallelism; i++)
            {
                await slots.WaitAsync(CancellationToken.None).ConfigureAwait(false);
            }
        }
    }

    private void Note(JournalNotice notice, JournalPosition position)
    {
        // The end of a journal and the far side of a gap are positions too: without them a start at the latest would lose what comes
        // between two runs, and an expired checkpoint would stay one.
        if (notice is JournalCaughtUp or JournalGap && notice.Position.Value is not null && notice.Position != position && notice.Position != _passed)
        {
            _passed = notice.Position;
            _window.Pass(notice.Position);
            _committer.Schedule();
        }

        if (notice is JournalCaughtUp)
        {
            DateTimeOffset now = _timeProvider.GetUtcNow();
            _state.Update(snapshot => snapshot with { LastRead = now, LastCaughtUp = now, IsBehind = false });
        }

        _options.OnNotice?.Invoke(notice);
    }

    private void Fail(Exception exception, CancellationTokenSource reading)
    {
        Interlocked.CompareExchange(ref _failure, exception, null);
        reading.Cancel();
    }
}
