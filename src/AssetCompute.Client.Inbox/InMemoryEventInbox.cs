using System.Globalization;

namespace AssetCompute.Client.Inbox;

/// <summary>
/// An inbox in memory: for tests, and for programs that accept that events are lost with the process. Not for a journal whose position is kept elsewhere.
/// </summary>
/// <param name="timeProvider">The clock. Default: the system's.</param>
public sealed class InMemoryEventInbox(TimeProvider? timeProvider = null) : IEventInbox, IInboxNotifier
{
    private readonly TimeProvider _timeProvider = timeProvider ?? TimeProvider.System;
    private readonly object _lock = new();
    private readonly Dictionary<string, InMemoryInboxEntry> _entries = new(StringComparer.Ordinal);
    private readonly SortedSet<InMemoryInboxEntry> _open = new(Comparer<InMemoryInboxEntry>.Create(static (left, right) =>
        left.Due != right.Due ? left.Due.CompareTo(right.Due) : left.Sequence.CompareTo(right.Sequence)));

    private readonly Dictionary<string, JournalPosition> _checkpoints = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (JournalLease Lease, DateTimeOffset Ends)> _leases = new(StringComparer.Ordinal);
    private long _sequence;
    private long _receipts;

    /// <inheritdoc/>
    public event EventHandler? EventsDue;

    /// <inheritdoc/>
    public ValueTask<int> AddAsync(IReadOnlyList<InboxMessage> messages, InboxCheckpoint? checkpoint = null, CancellationToken cancellationToken = default)
    {
        InboxArguments.CheckMessages(messages);
        cancellationToken.ThrowIfCancellationRequested();
        int added = 0;
        lock (_lock)
        {
            DateTimeOffset now = _timeProvider.GetUtcNow();
            if (checkpoint?.Lease is { } lease && !IsHeld(lease, now))
            {
                throw new JournalLeaseLostException(lease);
            }

            foreach (InboxMessage message in messages)
            {
                if (!_entries.ContainsKey(message.Id))
                {
                    InMemoryInboxEntry entry = new(message.Id, message.Event.ToArray(), now, ++_sequence) { Due = now };
                    _entries.Add(message.Id, entry);
                    added++;
                    if (message.DeadLetterReason is { } reason)
                    {
                        (entry.IsDeadLetter, entry.EndedAt, entry.Reason) = (true, now, reason);
                    }
                    else
                    {
                        _open.Add(entry);
                    }
                }
            }

            if (checkpoint is not null)
            {
                _checkpoints[checkpoint.Name] = checkpoint.Position;
            }
        }

        if (added > 0)
        {
            EventsDue?.Invoke(this, EventArgs.Empty);
        }

        return new ValueTask<int>(added);
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<InboxDelivery>> TakeAsync(int maxCount, TimeSpan visibilityTimeout, CancellationToken cancellationToken = default)
    {
        InboxArguments.CheckCount(maxCount, nameof(maxCount));
        InboxArguments.CheckDuration(visibilityTimeout, nameof(visibilityTimeout));
        cancellationToken.ThrowIfCancellationRequested();
        List<InboxDelivery> taken = [];
        lock (_lock)
        {
            DateTimeOffset now = _timeProvider.GetUtcNow();
            while (taken.Count < maxCount && _open.Min is { } entry && entry.Due <= now)
            {
                bool wasAbandoned = entry.Receipt is not null;
                if (wasAbandoned && taken.Count > 0)
                {
                    break;
                }

                entry.Attempts++;
                entry.Receipt = NextReceipt();
                MoveTo(entry, now + visibilityTimeout);
                taken.Add(new InboxDelivery(entry.Id, entry.Event, entry.Attempts, entry.ReceivedAt, entry.Receipt, entry.Reason) { WasAbandoned = wasAbandoned });
                if (wasAbandoned)
                {
                    break;
                }
            }
        }

        return new ValueTask<IReadOnlyList<InboxDelivery>>(taken);
    }

    /// <inheritdoc/>
    public ValueTask<bool> RenewAsync(InboxDelivery delivery, TimeSpan visibilityTimeout, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(delivery);
        InboxArguments.CheckDuration(visibilityTimeout, nameof(visibilityTimeout));
        cancellationToken.ThrowIfCancellationRequested();
        lock (_lock)
        {
            if (Taken(delivery) is not { } entry)
            {
                return new ValueTask<bool>(false);
            }

            MoveTo(entry, _timeProvider.GetUtcNow() + visibilityTimeout);
            return new ValueTask<bool>(true);
        }
    }

    /// <inheritdoc/>
    public ValueTask<bool> SettleAsync(InboxDelivery delivery, InboxOutcome outcome, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(delivery);
        ArgumentNullException.ThrowIfNull(outcome);
        cancellationToken.ThrowIfCancellationRequested();
        lock (_lock)
        {
            if (Taken(delivery) is not { } entry)
            {
                return new ValueTask<bool>(false);
            }

            DateTimeOffset now = _timeProvider.GetUtcNow();
            entry.Receipt = null;
            switch (outcome.Kind)
            {
                case InboxOutcomeKind.Retry:
                    entry.Reason = outcome.Reason;
                    MoveTo(entry, now + outcome.Delay);
                    break;
                case InboxOutcomeKind.Returned:
                    entry.Attempts--;
                    entry.Receipt = delivery.WasAbandoned ? NextReceipt() : null;
                    MoveTo(entry, now);
                    break;
                default:
                    _open.Remove(entry);
                    entry.EndedAt = now;
                    entry.IsDeadLetter = outcome.Kind == InboxOutcomeKind.DeadLetter;
                    entry.Reason = outcome.Reason;
                    entry.Event = entry.IsDeadLetter ? entry.Event : [];
                    return new ValueTask<bool>(true);
            }
        }

        if (outcome.Delay == TimeSpan.Zero)
        {
            EventsDue?.Invoke(this, EventArgs.Empty);
        }

        return new ValueTask<bool>(true);
    }

    /// <inheritdoc/>
    public ValueTask<InboxCounts> CountAsync(CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_lock)
        {
            DateTimeOffset now = _timeProvider.GetUtcNow();
            int taken = _open.Count(entry => entry.Receipt is not null && entry.Due > now);
            int deadLetters = _entries.Values.Count(static entry => entry.IsDeadLetter);
            return new ValueTask<InboxCounts>(new InboxCounts(_open.Count - taken, taken, _entries.Count - _open.Count - deadLetters, deadLetters));
        }
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<InboxDeadLetter>> ReadDeadLettersAsync(int maxCount, CancellationToken cancellationToken = default)
    {
        InboxArguments.CheckCount(maxCount, nameof(maxCount));
        cancellationToken.ThrowIfCancellationRequested();
        lock (_lock)
        {
            return new ValueTask<IReadOnlyList<InboxDeadLetter>>(
            [
                .. _entries.Values
                    .Where(static entry => entry.IsDeadLetter)
                    .OrderBy(static entry => entry.EndedAt)
                    .ThenBy(static entry => entry.Sequence)
                    .Take(maxCount)
                    .Select(static entry => new InboxDeadLetter(entry.Id, entry.Event, entry.Attempts, entry.Reason!, entry.ReceivedAt, entry.EndedAt!.Value)),
            ]);
        }
    }

    /// <inheritdoc/>
    public ValueTask<bool> RequeueAsync(string id, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(id);
        cancellationToken.ThrowIfCancellationRequested();
        lock (_lock)
        {
            if (!_entries.TryGetValue(id, out InMemoryInboxEntry? entry) || !entry.IsDeadLetter)
            {
                return new ValueTask<bool>(false);
            }

            entry.IsDeadLetter = false;
            entry.EndedAt = null;
            entry.Reason = null;
            entry.Attempts = 0;
            entry.Due = _timeProvider.GetUtcNow();
            _open.Add(entry);
        }

        EventsDue?.Invoke(this, EventArgs.Empty);
        return new ValueTask<bool>(true);
    }

    /// <inheritdoc/>
    public ValueTask<int> RemoveCompletedAsync(TimeSpan retention, CancellationToken cancellationToken = default)
    {
        InboxArguments.CheckRetention(retention, nameof(retention));
        cancellationToken.ThrowIfCancellationRequested();
        lock (_lock)
        {
            DateTimeOffset now = _timeProvider.GetUtcNow();
            InMemoryInboxEntry[] removed = [.. _entries.Values.Where(entry => entry.EndedAt is { } ended && !entry.IsDeadLetter && now - ended >= retention)];
            Array.ForEach(removed, entry => _entries.Remove(entry.Id));
            return new ValueTask<int>(removed.Length);
        }
    }

    /// <inheritdoc/>
    public ValueTask<JournalPosition?> LoadCheckpointAsync(string name, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        cancellationToken.ThrowIfCancellationRequested();
        lock (_lock)
        {
            return new ValueTask<JournalPosition?>(_checkpoints.TryGetValue(name, out JournalPosition position) ? position : null);
        }
    }

    /// <inheritdoc/>
    public ValueTask<JournalLease?> TryAcquireLeaseAsync(string name, string owner, TimeSpan duration, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentException.ThrowIfNullOrEmpty(owner);
        InboxArguments.CheckDuration(duration, nameof(duration));
        cancellationToken.ThrowIfCancellationRequested();
        lock (_lock)
        {
            DateTimeOffset now = _timeProvider.GetUtcNow();
            JournalLease lease = new(name, owner, 1);
            if (_leases.TryGetValue(name, out (JournalLease Lease, DateTimeOffset Ends) known))
            {
                bool held = known.Ends > now;
                if (held && known.Lease.Owner != owner)
                {
                    return new ValueTask<JournalLease?>((JournalLease?)null);
                }

                lease = held ? known.Lease : new JournalLease(name, owner, known.Lease.Fence + 1);
            }

            _leases[name] = (lease, now + duration);
            return new ValueTask<JournalLease?>(lease);
        }
    }

    /// <inheritdoc/>
    public ValueTask ReleaseLeaseAsync(JournalLease lease, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(lease);
        cancellationToken.ThrowIfCancellationRequested();
        lock (_lock)
        {
            DateTimeOffset now = _timeProvider.GetUtcNow();
            if (IsHeld(lease, now))
            {
                _leases[lease.Name] = (lease, now);
            }
        }

        return default;
    }

    private bool IsHeld(JournalLease lease, DateTimeOffset now) =>
        _leases.TryGetValue(lease.Name, out (JournalLease Lease, DateTimeOffset Ends) known) && known.Lease == lease && known.Ends > now;

    private string NextReceipt() => (++_receipts).ToString(CultureInfo.InvariantCulture);

    private InMemoryInboxEntry? Taken(InboxDelivery delivery) =>
        _entries.TryGetValue(delivery.Id, out InMemoryInboxEntry? entry) && entry.Receipt == delivery.Receipt ? entry : null;

    /// <summary>The set is ordered by what changes here.</summary>
    private void MoveTo(InMemoryInboxEntry entry, DateTimeOffset due)
    {
        _open.Remove(entry);
        entry.Due = due;
        _open.Add(entry);
    }
}
