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
    string owner,
    JournalRelayOptions options,
    JournalState<JournalRelaySnapshot> state,
    ILogger logger,
    TimeProvider timeProvider)
{
    private readonly JournalReader _journal = journal;
    private readonly IJournalSink _sink = sink;
    private readonly IJournalRelayStore _store = store;
    private readonly string _name = name;
    private readonly JournalRelayOptions _options = options;
    private readonly ILogger _logger = logger;
    private readonly TimeProvider _timeProvider = timeProvider;
    private int _failures;

    /// <summary>Runs until it is stopped.</summary>
    /// <exception cref="JournalException">The position expired or belongs to a journal that no longer exists, and the policy is to throw.</exception>
    public async Task RunAsync(CancellationToken stopping)
    {
        try
        {
            while (true)
            {
                TimeSpan pause = TimeSpan.FromTicks(_options.LeaseDuration.Ticks / 3);
                try
                {
                    await ReadUnderLeaseAsync(stopping).ConfigureAwait(false);
                }
                catch (Exception exception) when (!stopping.IsCancellationRequested && exception is not JournalException { PositionIsLost: true })
                {
                    // For any failure of the journal, the sink, the store or the user's filter, reading restarts at the saved position.
                    pause = Backoff.Delay(_options.RetryDelay, _options.MaxRetryDelay, _failures++);
                    state.Update(snapshot => snapshot with { LastFailure = exception });
                    JournalLog.RelayFailed(_logger, _name, exception.GetType().Name, RedactedText.Of(exception.Message, 500), pause);
                }

                await _timeProvider.Delay(pause, stopping).ConfigureAwait(false);
            }
        }
        catch (JournalException exception) when (exception.PositionIsLost)
        {
            // An operator has to decide: a retry cannot recover the events.
            state.Update(snapshot => snapshot with { LastFailure = exception, HasEnded = true });
            JournalLog.RelayEnded(_logger, exception, _name);
            throw;
        }
        catch (Exception) when (stopping.IsCancellationRequested)
        {
            // Stopped: the failure no longer matters.
        }
    }

    /// <summary>Returns when another instance reads, or when the lease is lost.</summary>
    private async Task ReadUnderLeaseAsync(CancellationToken stopping)
    {
        JournalLeaseKeeper? held = await JournalLeaseKeeper.TryTakeAsync(_store, "journal:" + _name, owner, _options.LeaseDuration, _logger, _timeProvider, stopping).ConfigureAwait(false);
        if (held is null)
        {
            Good();
            return;
        }

        await using (held.ConfigureAwait(false))
        {
            state.Update(static snapshot => snapshot with { IsReader = true });

            // Noted at once, not after all work in progress has ended: by then another instance may be the reader.
            using CancellationTokenRegistration lost = held.Lost.Register(NoteEnd);
            try
            {
                JournalPosition? stored = await _store.LoadCheckpointAsync(_name, held.Lost).ConfigureAwait(false);
                JournalPosition start = stored ?? _options.Start;
                JournalLog.RelayReading(_logger, _name, start, held.Lease.Fence);
                using Reading reading = new(this, held);
                await reading.RunAsync(start).ConfigureAwait(false);
                held.Lost.ThrowIfCancellationRequested();
            }
            catch (Exception exception) when (exception is JournalLeaseLostException || (exception is OperationCanceledException && held.Lost.IsCancellationRequested))
            {
                stopping.ThrowIfCancellationRequested();
                JournalLog.RelayLeaseLost(_logger, _name);
            }
            finally
            {
                NoteEnd();
            }
        }
    }

    private void NoteEnd() => state.Update(static snapshot => snapshot with { IsReader = false });

    private void Good(JournalPosition? stored = null)
    {
        _failures = 0;
        DateTimeOffset now = _timeProvider.GetUtcNow();
        state.Update(snapshot => snapshot with { Stored = stored ?? snapshot.Stored, LastGood = now, LastFailure = null });
    }

    /// <summary>One reading under a lease: one batch at a time, each with its position.</summary>
    private sealed class Reading(JournalRelay relay, JournalLeaseKeeper held) : JournalPump(
        relay._journal,
        new JournalProcessorOptions
        {
            Journal = relay._options.Journal,
            PageSize = relay._options.PageSize,
            OnExpired = relay._options.OnExpired,
            OnNotice = relay._options.OnNotice,
            CommitInterval = TimeSpan.Zero,
            DrainTimeout = Timeout.InfiniteTimeSpan,
        },
        relay._options.BatchSize,
        relay._logger,
        relay._timeProvider,
        abort: held.Lost)
    {
        private JournalPosition? _savedBySink;

        public Task RunAsync(JournalPosition start) => PumpAsync(start, held.Lost);

        protected override async Task HandleAsync(JournalEntry[] entries, JournalPosition position, CancellationToken cancellationToken)
        {
            List<JournalEntry> passed = [.. entries.Where(entry => relay._options.Filter?.Invoke(entry.Event) ?? true)];
            JournalRelayPage page = new(relay._name, passed, position, held.Lease);
            if (passed.Count > 0)
            {
                await relay._sink.PublishAsync(page, cancellationToken).ConfigureAwait(false);
            }

            _savedBySink = page.IsSaved ? position : null;
            JournalLog.RelayPublished(relay._logger, passed.Count, entries.Length, relay._name);
        }

        protected override Task SkipAsync(JournalEventSkipped skipped, CancellationToken cancellationToken) =>
            relay._sink is IJournalSkippedEventSink keeper ? keeper.KeepAsync(skipped, cancellationToken).AsTask() : Task.CompletedTask;

        protected override async ValueTask SaveAsync(JournalPosition position)
        {
            if (position != _savedBySink)
            {
                await relay._store.SaveCheckpointAsync(relay._name, position, held.Lease, held.Lost).ConfigureAwait(false);
            }

            relay.Good(position);
        }

        protected override void Read(JournalFeedItem item)
        {
            if (item.Notice is JournalCaughtUp && OldestOpen is null)
            {
                relay.Good();
            }
        }
    }
}
