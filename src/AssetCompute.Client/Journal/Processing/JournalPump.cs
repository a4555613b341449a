using System.Runtime.ExceptionServices;
using Microsoft.Extensions.Logging;

namespace AssetCompute.Client.Journal;

/// <summary>
/// Reads a journal, passes its entries on in batches, and saves the position before which all are handled. It never passes an unhandled entry. For one run.
/// </summary>
/// <param name="journal">Opens the journal.</param>
/// <param name="options">What to read, and the limits. A commit interval of zero saves after each batch.</param>
/// <param name="batchSize">The maximum number of entries in a batch.</param>
/// <param name="logger">The log.</param>
/// <param name="timeProvider">The clock.</param>
/// <param name="abort">Cancels the handlers without a drain.</param>
internal abstract class JournalPump(
    JournalReader journal,
    JournalProcessorOptions options,
    int batchSize,
    ILogger logger,
    TimeProvider timeProvider,
    CancellationToken abort = default) : IDisposable
{
    // Otherwise batches could not run in parallel.
    private readonly CommitWindow _window = new(Math.Max(options.CommitCount, batchSize * options.MaxParallelism), timeProvider);
    private readonly SemaphoreSlim _slots = new(options.MaxParallelism, options.MaxParallelism);
    private readonly SemaphoreSlim _saving = new(1, 1);
    private readonly CancellationTokenSource _reading = new();
    private readonly CancellationTokenSource _handling = CancellationTokenSource.CreateLinkedTokenSource(abort);
    private readonly List<JournalEntry> _batch = [];
    private Exception? _failure;
    private JournalPosition _passed;

    /// <summary>When the oldest unhandled entry was admitted; null if all are handled.</summary>
    public DateTimeOffset? OldestOpen => _window.OldestOpen;

    public void Dispose()
    {
        _window.Dispose();
        _slots.Dispose();
        _saving.Dispose();
        _reading.Dispose();
        _handling.Dispose();
    }

    /// <summary>Runs until it is stopped, and drains the entries in progress. Throws the first failure.</summary>
    protected async Task PumpAsync(JournalPosition start, CancellationToken stopping)
    {
        using (stopping.Register(static reading => ((CancellationTokenSource)reading!).Cancel(), _reading))
        {
            Task committing = CommitAtIntervalsAsync();
            try
            {
                await ReadAsync(start).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (_reading.IsCancellationRequested)
            {
                // Stopped or failed: the entries in progress are drained in both cases.
            }
            catch (Exception exception)
            {
                Fail(exception);
            }

            _reading.Cancel();
            await DrainAsync().ConfigureAwait(false);
            await committing.ConfigureAwait(false);
        }

        await CommitAsync().ConfigureAwait(false);
        if (_failure is { } failure)
        {
            ExceptionDispatchInfo.Capture(failure).Throw();
        }
    }

    /// <summary>Handles a batch. After an exception the run ends, and the position stays before the batch.</summary>
    /// <param name="entries">At least one entry.</param>
    /// <param name="position">The position after them.</param>
    /// <param name="cancellationToken">Canceled when the drain timeout has passed.</param>
    protected abstract Task HandleAsync(JournalEntry[] entries, JournalPosition position, CancellationToken cancellationToken);

    /// <summary>Saves an event that cannot be handled.</summary>
    protected abstract Task SkipAsync(JournalEventSkipped skipped, CancellationToken cancellationToken);

    /// <summary>Saves the position before which everything is handled. One call at a time.</summary>
    protected abstract ValueTask SaveAsync(JournalPosition position);

    /// <summary>Notes an item that was read. The entries before a notice are already dispatched.</summary>
    protected abstract void Read(JournalFeedItem item);

    protected virtual ValueTask<JournalFeed> OpenAsync(JournalPosition start, CancellationToken cancellationToken) => journal.OpenAsync(
        start, new JournalReadOptions { Journal = options.Journal, PageSize = options.PageSize, OnExpired = options.OnExpired }, cancellationToken);

    private async Task ReadAsync(JournalPosition start)
    {
        JournalFeed feed = await OpenAsync(start, _reading.Token).ConfigureAwait(false);
        JournalPosition position = start;
        await foreach (JournalFeedItem item in feed.ReadAsync(_reading.Token).ConfigureAwait(false))
        {
            if (item.Entries is { } entries)
            {
                Read(item);
                foreach (JournalEntry entry in entries)
                {
                    _batch.Add(entry);
                    position = entry.Position == JournalPosition.Oldest ? position : entry.Position;
                    if (_batch.Count >= batchSize)
                    {
                        await DispatchAsync(position).ConfigureAwait(false);
                    }
                }

                continue;
            }

            // Entries are not held back until the batch is full: no more may arrive for a long time.
            await DispatchAsync(position).ConfigureAwait(false);
            if (item.Notice is { } notice)
            {
                await NoteAsync(notice, position).ConfigureAwait(false);
                position = notice.Position.Value is null ? position : notice.Position;
                if (notice is JournalEventSkipped skipped)
                {
                    _batch.Add(skipped.Entry);
                    await DispatchAsync(position, skipped).ConfigureAwait(false);
                }
            }
        }
    }

    /// <param name="position">The position before which everything is handled once this batch is.</param>
    /// <param name="skipped">Why the batch cannot be handled; null if it can.</param>
    private async ValueTask DispatchAsync(JournalPosition position, JournalEventSkipped? skipped = null)
    {
        if (_batch.Count == 0)
        {
            return;
        }

        JournalEntry[] entries = [.. _batch];
        _batch.Clear();
        CommitWindow.Item? item;
        await _slots.WaitAsync(_reading.Token).ConfigureAwait(false);
        try
        {
            while (!_window.TryAdd(position, entries.Length, out item))
            {
                await CommitWhenDueAsync().ConfigureAwait(false);
                await _window.WaitForRoomAsync(_reading.Token).ConfigureAwait(false);
            }

            // The slot may be free because its handler failed: no later entry is started.
            _reading.Token.ThrowIfCancellationRequested();
        }
        catch (OperationCanceledException)
        {
            _slots.Release();
            throw;
        }

        _ = HandleAsync(item, entries, skipped);
    }

    /// <summary>Runs in its slot. A drain waits for all slots.</summary>
    private async Task HandleAsync(CommitWindow.Item item, JournalEntry[] entries, JournalEventSkipped? skipped)
    {
        try
        {
            await Task.Yield();
            await (skipped is null ? HandleAsync(entries, item.Position, _handling.Token) : SkipAsync(skipped, _handling.Token)).ConfigureAwait(false);
            _window.Complete(item);
            await CommitWhenDueAsync().ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (_handling.IsCancellationRequested)
        {
            // The entries stay open, and the checkpoint stays before them: they are handled again after the next start.
        }
        catch (Exception exception)
        {
            Fail(exception);
        }
        finally
        {
            _slots.Release();
        }
    }

    private async ValueTask NoteAsync(JournalNotice notice, JournalPosition position)
    {
        // The end of a journal and the end of a gap are positions too. Without them, a start at the latest event would lose events between two runs, and an
        // expired checkpoint would stay expired.
        if (notice is JournalCaughtUp or JournalGap && notice.Position.Value is not null && notice.Position != position && notice.Position != _passed)
        {
            _passed = notice.Position;
            _window.Pass(notice.Position);
            await CommitWhenDueAsync().ConfigureAwait(false);
        }

        Read(new JournalFeedItem(null, notice));
        options.OnNotice?.Invoke(notice);
    }

    private async Task DrainAsync()
    {
        ITimer limit = timeProvider.CreateTimer(_ => TimerCancellation.Cancel(_handling, logger), state: null, options.DrainTimeout, Timeout.InfiniteTimeSpan);
        await using (limit.ConfigureAwait(false))
        {
            for (int i = 0; i < options.MaxParallelism; i++)
            {
                await _slots.WaitAsync(CancellationToken.None).ConfigureAwait(false);
            }
        }
    }

    private async Task CommitAtIntervalsAsync()
    {
        try
        {
            while (options.CommitInterval > TimeSpan.Zero)
            {
                await timeProvider.Delay(options.CommitInterval, _reading.Token).ConfigureAwait(false);
                await CommitAsync().ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            // The rest is committed after the last handler.
        }
    }

    private Task CommitWhenDueAsync() => options.CommitInterval == TimeSpan.Zero || _window.IsDue ? CommitAsync() : Task.CompletedTask;

    private async Task CommitAsync()
    {
        await _saving.WaitAsync(CancellationToken.None).ConfigureAwait(false);
        try
        {
            if (_window.Take() is { } handled)
            {
                await SaveAsync(handled.Position).ConfigureAwait(false);
                _window.Committed(handled.Count);
            }
        }
        catch (Exception exception)
        {
            // Whatever the store throws, continuing without checkpoints would only increase the work to repeat.
            Fail(exception);
        }
        finally
        {
            _saving.Release();
        }
    }

    private void Fail(Exception exception)
    {
        Interlocked.CompareExchange(ref _failure, exception, null);
        _reading.Cancel();
    }
}
