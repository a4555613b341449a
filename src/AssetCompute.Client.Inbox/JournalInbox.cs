using System.Threading.Channels;
using AssetCompute.Client.Diagnostics;
using Microsoft.Extensions.Logging;

namespace AssetCompute.Client.Inbox;

/// <summary>Reads a journal into an inbox, events and position together, while this instance holds the lease. Failures are waited out; the position is never lost.</summary>
internal sealed class JournalInbox
{
    private const int MaxBatch = 1000;

    private readonly IJournalReader _reader;
    private readonly IEventInbox _inbox;
    private readonly string _name;
    private readonly string _leaseName;
    private readonly string _owner;
    private readonly JournalInboxOptions _options;
    private readonly JournalInboxState _state;
    private readonly ILogger _logger;
    private readonly TimeProvider _timeProvider;
    private int _failures;

    /// <param name="reader">Reads the journal.</param>
    /// <param name="inbox">Where events go.</param>
    /// <param name="name">The name of the checkpoint.</param>
    /// <param name="owner">An id of this instance, not used by any other.</param>
    /// <param name="options">The options, checked.</param>
    /// <param name="state">Told how it goes.</param>
    /// <param name="logger">The log.</param>
    /// <param name="timeProvider">The clock.</param>
    public JournalInbox(
        IJournalReader reader,
        IEventInbox inbox,
        string name,
        string owner,
        JournalInboxOptions options,
        JournalInboxState state,
        ILogger logger,
        TimeProvider timeProvider)
    {
        _reader = reader;
        _inbox = inbox;
        _name = name;
        _leaseName = "journal:" + name;
        _owner = owner;
        _options = options;
        _state = state;
        _logger = logger;
        _timeProvider = timeProvider;
    }

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
                _state.Update(snapshot => snapshot with { LastFailure = exception, HasEnded = true });
                InboxLog.ReadingEnded(_logger, exception, _name);
                throw;
            }
            catch (Exception exception)
            {
                // Whatever it is, of the journal, the inbox or the user's filter: the position stands in the inbox, and nothing is passed by.
                pause = Failed(exception);
            }

            try
            {
                await Task.Delay(pause, _timeProvider, stopping).ConfigureAwait(false);
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
        JournalLease? held = await JournalLease.TryTakeAsync(_inbox, _leaseName, _owner, _options.LeaseDuration, _logger, _timeProvider, stopping).ConfigureAwait(false);
        if (held is null)
        {
            _failures = 0;
            Good(snapshot => snapshot with { IsReader = false });
            return;
        }

        await using (held.ConfigureAwait(false))
        {
            _state.Update(static snapshot => snapshot with { IsReader = true });

            // Said at once, and not when all that was under way has come to its end: by then another instance may be the reader.
            using CancellationTokenRegistration lost = held.Lost.Register(static state => ((JournalInboxState)state!).Update(static snapshot => snapshot with { IsReader = false }), _state);
            try
            {
                await ReadAsync(held.Lease, held.Lost).ConfigureAwait(false);
            }
            catch (Exception exception) when (exception is InboxLeaseLostException || (exception is OperationCanceledException && held.Lost.IsCancellationRequested))
            {
                stopping.ThrowIfCancellationRequested();
                InboxLog.LeaseLost(_logger, _name);
            }
            finally
            {
                _state.Update(static snapshot => snapshot with { IsReader = false });
            }
        }
    }

    private async Task ReadAsync(InboxLease lease, CancellationToken cancellationToken)
    {
        JournalPosition? stored = await _inbox.LoadCheckpointAsync(_name, cancellationToken).ConfigureAwait(false);
        JournalPosition start = stored ?? _options.Start;
        InboxLog.Reading(_logger, _name, start, lease.Fence);
        Channel<JournalNotice> notices = Channel.CreateUnbounded<JournalNotice>();
        JournalReadOptions options = new()
        {
            Journal = _options.Journal,
            PageSize = _options.PageSize,
            OnExpired = _options.OnExpired,
            OnNotice = notice => notices.Writer.TryWrite(notice),
        };
        using CancellationTokenSource reading = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        IAsyncEnumerator<JournalEntry> entries = _reader.ReadAsync(start, options, reading.Token).GetAsyncEnumerator(reading.Token);
        List<JournalEntry> batch = [];
        Task<bool> next = entries.MoveNextAsync().AsTask();
        Task noticed = Task.CompletedTask;
        try
        {
            while (true)
            {
                cancellationToken.ThrowIfCancellationRequested();

                // What has come without a wait is stored together: one transaction for a page, and none is kept waiting for the next.
                if (batch.Count == MaxBatch || (batch.Count > 0 && !next.IsCompleted))
                {
                    stored = await StoreAsync(batch, stored ?? start, lease, cancellationToken).ConfigureAwait(false);
                    batch.Clear();
                }

                if (!next.IsCompleted)
                {
                    noticed = noticed.IsCompleted ? notices.Reader.WaitToReadAsync(reading.Token).AsTask() : noticed;
                    await Task.WhenAny(next, noticed).ConfigureAwait(false);
                }

                // A notice that is there now stands before the next entry, and behind all in the batch.
                while (notices.Reader.TryRead(out JournalNotice? notice))
                {
                    if (batch.Count > 0)
                    {
                        stored = await StoreAsync(batch, stored ?? start, lease, cancellationToken).ConfigureAwait(false);
                        batch.Clear();
                    }

                    stored = await NoteAsync(notice, stored, lease, cancellationToken).ConfigureAwait(false);
                }

                if (next.IsCompleted)
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

    private async ValueTask<JournalPosition> StoreAsync(List<JournalEntry> batch, JournalPosition position, InboxLease lease, CancellationToken cancellationToken)
    {
        List<InboxMessage> messages = new(batch.Count);
        foreach (JournalEntry entry in batch)
        {
            position = entry.Position.Value is null ? position : entry.Position;
            if (_options.Filter is null || _options.Filter(entry.Event))
            {
                messages.Add(new InboxMessage(entry.Id, entry.Raw));
            }
        }

        int added = await _inbox.AddAsync(messages, new InboxCheckpoint(_name, position, lease), cancellationToken).ConfigureAwait(false);
        InboxLog.Stored(_logger, added, batch.Count, _name);
        _failures = 0;
        Good(snapshot => snapshot with { Stored = position });
        return position;
    }

    private async ValueTask<JournalPosition?> NoteAsync(JournalNotice notice, JournalPosition? stored, InboxLease lease, CancellationToken cancellationToken)
    {
        // The end of a journal and the far side of a gap are positions too: without them a start at the latest would lose what comes
        // between two runs, and an expired position would stay one.
        if (notice is JournalCaughtUp or JournalGap or JournalEventSkipped && notice.Position.Value is not null && notice.Position != stored)
        {
            await _inbox.AddAsync([], new InboxCheckpoint(_name, notice.Position, lease), cancellationToken).ConfigureAwait(false);
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
        TimeSpan delay = InboxBackoff.Delay(_options.RetryDelay, _options.MaxRetryDelay, ++_failures);
        if (exception is InboxException)
        {
            InboxDiagnostics.InboxFailures.Add(1);
        }

        _state.Update(snapshot => snapshot with { LastFailure = exception });
        InboxLog.ReadingFailed(_logger, exception, _name, RedactedText.Of(exception.Message, 500), delay);
        return delay;
    }

    private void Good(Func<JournalInboxSnapshot, JournalInboxSnapshot> change)
    {
        DateTimeOffset now = _timeProvider.GetUtcNow();
        _state.Update(snapshot => change(snapshot) with { LastGood = now, LastFailure = null });
    }
}
