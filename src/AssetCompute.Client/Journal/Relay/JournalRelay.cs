using System.Threading.Channels;
using AssetCompute.Client.Diagnostics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AssetCompute.Client.Journal;

/// <summary>Reads a journal while this process holds the lease, and hands its pages to a sink. Failures are tried again without a limit; the position never passes an event that is not published.</summary>
/// <param name="reader">Reads the journal.</param>
/// <param name="sink">Publishes the events.</param>
/// <param name="store">Keeps the lease and the position.</param>
/// <param name="name">The name of the checkpoint.</param>
/// <param name="owner">An id of this process, not used by any other.</param>
/// <param name="options">The options, under the name of the checkpoint.</param>
/// <param name="state">Told how it goes.</param>
/// <param name="logger">The log.</param>
/// <param name="timeProvider">The clock.</param>
internal sealed class JournalRelay(
    IJournalReader reader,
    IJournalSink sink,
    IJournalRelayStore store,
    string name,
    string owner,
    IOptionsMonitor<JournalRelayOptions> options,
    JournalRelayState state,
    ILogger logger,
    TimeProvider timeProvider)
{
    private static readonly Random s_random = new();

    private readonly JournalRelayOptions _options = options.Get(name);
    private int _failures;

    /// <summary>Runs until it is told to stop.</summary>
    /// <exception cref="JournalException">The position has expired, or is one of a journal that is gone, and the policy is to throw.</exception>
    public async Task RunAsync(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            TimeSpan pause;
            try
            {
                await ReadUnderLeaseAsync(stopping).ConfigureAwait(false);
                pause = Third;
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (JournalException exception) when (exception.PositionIsLost)
            {
                // Somebody has to decide: nothing that is tried again would bring the events back.
                state.Update(snapshot => snapshot with { LastFailure = exception, HasEnded = true });
                JournalRelayLog.ReadingEnded(logger, exception, name);
                throw;
            }
            catch (Exception exception)
            {
                // Whatever it is, of the journal, the sink, the store or the user's filter: reading starts again at the position that is saved.
                pause = Failed(exception);
            }

            try
            {
                await timeProvider.Delay(pause, stopping).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
        }
    }

    private TimeSpan Third => TimeSpan.FromTicks(_options.LeaseDuration.Ticks / 3);

    /// <summary>Returns where another instance reads, or where the lease is lost.</summary>
    private async Task ReadUnderLeaseAsync(CancellationToken stopping)
    {
        JournalLeaseKeeper? held = await JournalLeaseKeeper.TryTakeAsync(store, "journal:" + name, owner, _options.LeaseDuration, logger, timeProvider, stopping).ConfigureAwait(false);
        if (held is null)
        {
            _failures = 0;
            Good(snapshot => snapshot with { IsReader = false });
            return;
        }

        await using (held.ConfigureAwait(false))
        {
            state.Update(static snapshot => snapshot with { IsReader = true });

            // Said at once, and not when all that was under way has come to its end: by then another instance may be the reader.
            using CancellationTokenRegistration lost = held.Lost.Register(static told => ((JournalRelayState)told!).Update(static snapshot => snapshot with { IsReader = false }), state);
            try
            {
                await ReadAsync(held.Lease, held.Lost).ConfigureAwait(false);
            }
            catch (Exception exception) when (exception is JournalLeaseLostException || (exception is OperationCanceledException && held.Lost.IsCancellationRequested))
            {
                stopping.ThrowIfCancellationRequested();
                JournalRelayLog.LeaseLost(logger, name);
            }
            finally
            {
                state.Update(static snapshot => snapshot with { IsReader = false });
            }
        }
    }

    private async Task ReadAsync(JournalLease lease, CancellationToken cancellationToken)
    {
        JournalPosition? stored = await store.LoadCheckpointAsync(name, cancellationToken).ConfigureAwait(false);
        JournalPosition start = stored ?? _options.Start;
        JournalRelayLog.Reading(logger, name, start, lease.Fence);
        Channel<JournalNotice> notices = Channel.CreateUnbounded<JournalNotice>();
        JournalReadOptions readOptions = new()
        {
            Journal = _options.Journal,
            PageSize = _options.PageSize,
            OnExpired = _options.OnExpired,
            OnNotice = notice => notices.Writer.TryWrite(notice),
        };
        using CancellationTokenSource reading = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        IAsyncEnumerator<JournalEntry> entries = reader.ReadAsync(start, readOptions, reading.Token).GetAsyncEnumerator(reading.Token);
        List<JournalEntry> batch = [];
        Task<bool> next = entries.MoveNextAsync().AsTask();
        Task noticed = Task.CompletedTask;
        try
        {
            while (true)
            {
                cancellationToken.ThrowIfCancellationRequested();

                // What has come without a wait is published together, and nothing is kept waiting for the next page.
                if (batch.Count == _options.BatchSize || (batch.Count > 0 && !next.IsCompleted))
                {
                    stored = await PublishAsync(batch, stored ?? start, lease, cancellationToken).ConfigureAwait(false);
                    batch.Clear();
                }

                if (!next.IsCompleted)
                {
                    noticed = noticed.IsCompleted ? notices.Reader.WaitToReadAsync(reading.Token).AsTask() : noticed;
                    await Task.WhenAny(next, noticed).ConfigureAwait(false);
                }

                // Read before the notices: those that stand before this entry are in the channel by then, and stand behind all in the batch.
                bool hasNext = next.IsCompleted;
                while (notices.Reader.TryRead(out JournalNotice? notice))
                {
                    if (batch.Count > 0)
                    {
                        stored = await PublishAsync(batch, stored ?? start, lease, cancellationToken).ConfigureAwait(false);
                        batch.Clear();
                    }

                    stored = await NoteAsync(notice, stored, lease, cancellationToken).ConfigureAwait(false);
                }

                if (hasNext)
                {
                    if (!await next.ConfigureAwait(false))
                    {
                        return;
                    }

                    batch.Add(entries.Current);
                    next = entries.MoveNextAsync().AsTask();
                }
            }
        }
        finally
        {
            // An enumerator is not disposed while it moves.
            reading.Cancel();
            await Task.WhenAny(next).ConfigureAwait(false);
            await entries.DisposeAsync().ConfigureAwait(false);
        }
    }

    private async ValueTask<JournalPosition> PublishAsync(List<JournalEntry> batch, JournalPosition position, JournalLease lease, CancellationToken cancellationToken)
    {
        List<JournalEntry> entries = new(batch.Count);
        foreach (JournalEntry entry in batch)
        {
            position = entry.Position.Value is null ? position : entry.Position;
            if (_options.Filter is null || _options.Filter(entry.Event))
            {
                entries.Add(entry);
            }
        }

        JournalRelayPage page = new(name, entries, position, lease);
        if (entries.Count > 0)
        {
            await sink.PublishAsync(page, cancellationToken).ConfigureAwait(false);
        }

        if (!page.IsSaved)
        {
            await store.SaveCheckpointAsync(name, position, lease, cancellationToken).ConfigureAwait(false);
        }

        JournalRelayLog.Published(logger, entries.Count, batch.Count, name);
        _failures = 0;
        Good(snapshot => snapshot with { Stored = position });
        return position;
    }

    private async ValueTask<JournalPosition?> NoteAsync(JournalNotice notice, JournalPosition? stored, JournalLease lease, CancellationToken cancellationToken)
    {
        if (notice is JournalEventSkipped skipped && sink is IJournalSkippedEventSink keeper)
        {
            await keeper.KeepAsync(skipped, cancellationToken).ConfigureAwait(false);
        }

        // The end of a journal and the far side of a gap are positions too: without them a start at the latest would lose what comes
        // between two runs, and an expired position would stay one.
        if (notice is JournalCaughtUp or JournalGap or JournalEventSkipped && notice.Position.Value is not null && notice.Position != stored)
        {
            await store.SaveCheckpointAsync(name, notice.Position, lease, cancellationToken).ConfigureAwait(false);
            stored = notice.Position;
        }

        if (notice is JournalCaughtUp)
        {
            _failures = 0;
            Good(snapshot => snapshot with { Stored = stored });
        }

        _options.OnNotice?.Invoke(notice);
        return stored;
    }

    private TimeSpan Failed(Exception exception)
    {
        double seconds = Math.Min(_options.RetryDelay.TotalSeconds * Math.Pow(2, Math.Min(_failures++, 40)), _options.MaxRetryDelay.TotalSeconds);
        double jitter;
        lock (s_random)
        {
            jitter = s_random.NextDouble();
        }

        TimeSpan delay = TimeSpan.FromSeconds(seconds * (0.5 + (jitter / 2)));
        state.Update(snapshot => snapshot with { LastFailure = exception });
        JournalRelayLog.ReadingFailed(logger, name, exception.GetType().Name, RedactedText.Of(exception.Message, 500), delay);
        return delay;
    }

    private void Good(Func<JournalRelaySnapshot, JournalRelaySnapshot> change)
    {
        DateTimeOffset now = timeProvider.GetUtcNow();
        state.Update(snapshot => change(snapshot) with { LastGood = now, LastFailure = null });
    }
}
