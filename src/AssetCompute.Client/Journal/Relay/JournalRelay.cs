using AssetCompute.Client.Diagnostics;
using Microsoft.Extensions.Logging;

namespace AssetCompute.Client.Journal;

/// <summary>
/// Reads a journal while this process holds the lease, and passes its pages to a sink. Failures are retried without a limit; the position never passes an
/// unpublished event.
/// </summary>
internal sealed class JournalRelay(
    JournalReader journal,
    IJournalSink sink,
    IJournalRelayStore store,
    string name,
    JournalRelayOptions options,
    JournalState state,
    ILogger logger,
    TimeProvider timeProvider)
{
    private readonly JournalLeaseKeeper _keeper = new(store, "journal:" + name, $"{Environment.MachineName}/{Guid.NewGuid():N}", options.LeaseDuration, logger, timeProvider);
    private int _failures;

    /// <summary>Runs until it is stopped.</summary>
    /// <exception cref="JournalException">The position expired or belongs to a journal that no longer exists, and the policy is to throw.</exception>
    public async Task RunAsync(CancellationToken stopping)
    {
        TimeSpan pause = TimeSpan.Zero;
        while (true)
        {
            try
            {
                await timeProvider.Delay(pause, stopping).ConfigureAwait(false);
                if (!await _keeper.TryRunAsync((lease, lost) => ReadAsync(lease, lost, stopping), stopping).ConfigureAwait(false))
                {
                    // Another process reads.
                    Good(static snapshot => snapshot);
                }

                pause = TimeSpan.FromTicks(options.LeaseDuration.Ticks / 3);
            }
            catch (Exception) when (stopping.IsCancellationRequested)
            {
                // Stopped: the failure no longer matters.
                return;
            }
            catch (JournalException exception) when (exception.PositionIsLost)
            {
                // An operator has to decide: a retry cannot recover the events.
                state.Update(snapshot => snapshot with { Failure = exception, HasEnded = true });
                JournalLog.RelayEnded(logger, exception, name);
                throw;
            }
            catch (Exception exception)
            {
                // For any failure of the journal, the sink, the store or the user's filter, reading restarts at the saved position.
                pause = Backoff.Delay(options.RetryDelay, options.MaxRetryDelay, _failures++);
                state.Update(snapshot => snapshot with { Failure = exception });
                JournalLog.RelayFailed(logger, name, exception.GetType().Name, RedactedText.Of(exception.Message, 500), pause);
            }
        }
    }

    /// <summary>Reads under a lease until it is lost.</summary>
    private async Task ReadAsync(JournalLease lease, CancellationToken lost, CancellationToken stopping)
    {
        state.Update(static snapshot => snapshot with { IsReader = true });

        // Noted at once, not after all work in progress has ended: by then another instance may be the reader.
        using CancellationTokenRegistration end = lost.Register(NoteEnd);
        try
        {
            JournalPosition start = await store.LoadCheckpointAsync(name, lost).ConfigureAwait(false) ?? options.Start;
            JournalLog.RelayReading(logger, name, start, lease.Fence);
            await PublishAsync(start, lease, lost).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is JournalLeaseLostException || (exception is OperationCanceledException && lost.IsCancellationRequested))
        {
            stopping.ThrowIfCancellationRequested();
            JournalLog.RelayLeaseLost(logger, name);
        }
        finally
        {
            NoteEnd();
        }
    }

    /// <summary>Publishes one batch at a time, and saves the position after each.</summary>
    private async Task PublishAsync(JournalPosition position, JournalLease lease, CancellationToken lost)
    {
        JournalFeed feed = await journal.OpenAsync(position, options.ToReadOptions(), lost).ConfigureAwait(false);
        await foreach (JournalBatch batch in JournalBatch.ReadAsync(feed, position, options.BatchSize, lost).ConfigureAwait(false))
        {
            JournalEventSkipped? skipped = batch.Notice as JournalEventSkipped;
            JournalRelayPage page = new()
            {
                Name = name,
                Entries = skipped is null ? [.. batch.Entries.Where(entry => options.Filter?.Invoke(entry.Event) ?? true)] : [],
                Skipped = skipped,
                Position = batch.Position,
                Lease = lease,
            };
            if (page.Entries.Count > 0 || skipped is not null)
            {
                await sink.PublishAsync(page, lost).ConfigureAwait(false);
                JournalLog.RelayPublished(logger, page.Entries.Count, batch.Entries.Count, name);
            }

            if (!page.IsSaved && batch.Position != position && (batch.IsMark || batch.Entries.Count > 0))
            {
                await store.SaveCheckpointAsync(name, batch.Position, lease, lost).ConfigureAwait(false);
                page.IsSaved = true;
            }

            position = batch.Position;
            if (batch.Notice is not JournalRetrying)
            {
                Good(snapshot => snapshot with { Stored = page.IsSaved ? batch.Position : snapshot.Stored, IsBehind = batch.Notice is not JournalCaughtUp });
            }

            if (batch.Notice is { } notice)
            {
                options.OnNotice?.Invoke(notice);
            }
        }
    }

    private void NoteEnd() => state.Update(static snapshot => snapshot with { IsReader = false, IsBehind = false });

    private void Good(Func<JournalSnapshot, JournalSnapshot> change)
    {
        _failures = 0;
        DateTimeOffset now = timeProvider.GetUtcNow();
        state.Update(snapshot => change(snapshot) with { LastGood = now, Failure = null });
    }
}
