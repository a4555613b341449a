using System.Globalization;

namespace AssetCompute.Client.Inbox;

/// <summary>
/// An inbox in memory, for tests, and for programs that can lose events when the process ends. Do not use it for a journal whose position is stored elsewhere.
/// </summary>
/// <param name="timeProvider">The clock. Default: the system clock.</param>
public sealed class InMemoryEventInbox(TimeProvider? timeProvider = null) : IEventInbox
{
    private readonly TimeProvider _timeProvider = timeProvider ?? TimeProvider.System;
    private readonly Lock _lock = new();
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
        int added = Run(now => Add(messages, checkpoint, now), cancellationToken);
        RaiseIf(added > 0);
        return new(added);
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<InboxDelivery>> TakeAsync(int maxCount, TimeSpan visibilityTimeout, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxCount);
        InboxArguments.CheckDuration(visibilityTimeout);
        return new(Run(now => Take(maxCount, visibilityTimeout, now), cancellationToken));
    }

    /// <inheritdoc/>
    public ValueTask<bool> RenewAsync(InboxDelivery delivery, TimeSpan visibilityTimeout, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(delivery);
        InboxArguments.CheckDuration(visibilityTimeout);
        return new(Run(now => Taken(delivery) is { } entry && MoveTo(entry, now + visibilityTimeout), cancellationToken));
    }

    /// <inheritdoc/>
    public ValueTask<bool> SettleAsync(InboxDelivery delivery, InboxOutcome outcome, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(delivery);
        ArgumentNullException.ThrowIfNull(outcome);
        bool settled = Run(now => Taken(delivery) is { } entry && Settle(entry, delivery, outcome, now), cancellationToken);
        RaiseIf(settled && outcome.Kind is InboxOutcomeKind.Retry or InboxOutcomeKind.Returned && outcome.Delay == TimeSpan.Zero);
        return new(settled);
    }

    /// <inheritdoc/>
    public ValueTask<InboxCompletion> CompleteAndTakeAsync(InboxDelivery delivery, TimeSpan visibilityTimeout, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(delivery);
        InboxArguments.CheckDuration(visibilityTimeout);
        return new(Run(
            now => new InboxCompletion(
                Taken(delivery) is { } entry && Settle(entry, delivery, InboxOutcome.Completed, now),
                _open.Min is { Receipt: null } ? Take(1, visibilityTimeout, now).SingleOrDefault() : null),
            cancellationToken));
    }

    /// <inheritdoc/>
    public ValueTask<InboxCounts> CountAsync(CancellationToken cancellationToken = default) =>
        new(Run(
            now =>
            {
                int taken = _open.Count(entry => entry.Receipt is not null && entry.Due > now);
                int deadLetters = _entries.Values.Count(static entry => entry.IsDeadLetter);
                return new InboxCounts(_open.Count - taken, taken, _entries.Count - _open.Count - deadLetters, deadLetters);
            },
            cancellationToken));

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<InboxDeadLetter>> ReadDeadLettersAsync(int maxCount, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxCount);
        return new(Run<IReadOnlyList<InboxDeadLetter>>(
            _ =>
            [
                .. _entries.Values
                    .Where(static entry => entry.IsDeadLetter)
                    .OrderBy(static entry => entry.EndedAt)
                    .ThenBy(static entry => entry.Sequence)
                    .Take(maxCount)
                    .Select(static entry => new InboxDeadLetter(entry.Id, entry.Event, entry.Attempts, entry.Reason!, entry.ReceivedAt, entry.EndedAt!.Value)),
            ],
            cancellationToken));
    }

    /// <inheritdoc/>
    public ValueTask<bool> RequeueAsync(string id, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(id);
        bool requeued = Run(
            now =>
            {
                if (!_entries.TryGetValue(id, out InMemoryInboxEntry? entry) || !entry.IsDeadLetter)
                {
                    return false;
                }

                (entry.IsDeadLetter, entry.EndedAt, entry.Reason, entry.Attempts) = (false, null, null, 0);
                return MoveTo(entry, now);
            },
            cancellationToken);
        RaiseIf(requeued);
        return new(requeued);
    }

    /// <inheritdoc/>
    public ValueTask<int> RemoveCompletedAsync(TimeSpan retention, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(retention, TimeSpan.Zero);
        return new(Run(
            now =>
            {
                InMemoryInboxEntry[] removed = [.. _entries.Values.Where(entry => entry.EndedAt is { } ended && !entry.IsDeadLetter && now - ended >= retention)];
                Array.ForEach(removed, entry => _entries.Remove(entry.Id));
                return removed.Length;
            },
            cancellationToken));
    }

    /// <inheritdoc/>
    public ValueTask<JournalPosition?> LoadCheckpointAsync(string name, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return new(Run<JournalPosition?>(_ => _checkpoints.TryGetValue(name, out JournalPosition position) ? position : null, cancellationToken));
    }

    /// <inheritdoc/>
    public ValueTask<JournalLease?> TryAcquireLeaseAsync(string name, string owner, TimeSpan duration, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentException.ThrowIfNullOrEmpty(owner);
        InboxArguments.CheckDuration(duration);
        return new(Run(
            now =>
            {
                (JournalLease? lease, DateTimeOffset ends) = _leases.GetValueOrDefault(name);
                bool isHeld = lease is not null && ends > now;
                if (isHeld && lease!.Owner != owner)
                {
                    return null;
                }

                lease = isHeld ? lease! : new JournalLease(name, owner, (lease?.Fence ?? 0) + 1);
                _leases[name] = (lease, now + duration);
                return lease;
            },
            cancellationToken));
    }

    /// <inheritdoc/>
    public ValueTask ReleaseLeaseAsync(JournalLease lease, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(lease);
        Run(
            now =>
            {
                if (IsHeld(lease, now))
                {
                    _leases[lease.Name] = (lease, now);
                }

                return true;
            },
            cancellationToken);
        return default;
    }

    /// <summary>Runs a whole call at one point in time.</summary>
    private T Run<T>(Func<DateTimeOffset, T> call, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_lock)
        {
            return call(_timeProvider.GetUtcNow());
        }
    }

    private int Add(IReadOnlyList<InboxMessage> messages, InboxCheckpoint? checkpoint, DateTimeOffset now)
    {
        if (checkpoint?.Lease is { } lease && !IsHeld(lease, now))
        {
            throw new JournalLeaseLostException(lease);
        }

        int before = _entries.Count;
        foreach (InboxMessage message in messages.Where(message => !_entries.ContainsKey(message.Id)))
        {
            InMemoryInboxEntry entry = new(message.Id, message.Event.ToArray(), now, ++_sequence) { Due = now };
            _entries.Add(message.Id, entry);
            if (message.DeadLetterReason is { } reason)
            {
                (entry.IsDeadLetter, entry.EndedAt, entry.Reason) = (true, now, reason);
            }
            else
            {
                _open.Add(entry);
            }
        }

        if (checkpoint is not null)
        {
            _checkpoints[checkpoint.Name] = checkpoint.Position;
        }

        return _entries.Count - before;
    }

    private List<InboxDelivery> Take(int maxCount, TimeSpan visibilityTimeout, DateTimeOffset now)
    {
        List<InboxDelivery> taken = [];
        while (taken.Count < maxCount && taken is not [{ WasAbandoned: true }] && _open.Min is { } entry && entry.Due <= now)
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
        }

        return taken;
    }

    private bool Settle(InMemoryInboxEntry entry, InboxDelivery delivery, InboxOutcome outcome, DateTimeOffset now)
    {
        entry.Receipt = null;
        switch (outcome.Kind)
        {
            case InboxOutcomeKind.Retry:
                entry.Reason = outcome.Reason;
                return MoveTo(entry, now + outcome.Delay);
            case InboxOutcomeKind.Returned:
                entry.Attempts--;
                entry.Receipt = delivery.WasAbandoned ? NextReceipt() : null;
                return MoveTo(entry, now);
            default:
                entry.IsDeadLetter = outcome.Kind == InboxOutcomeKind.DeadLetter;
                (entry.EndedAt, entry.Reason, entry.Event) = (now, outcome.Reason, entry.IsDeadLetter ? entry.Event : []);
                return _open.Remove(entry);
        }
    }

    private bool IsHeld(JournalLease lease, DateTimeOffset now) =>
        _leases.TryGetValue(lease.Name, out (JournalLease Lease, DateTimeOffset Ends) known) && known.Lease == lease && known.Ends > now;

    private string NextReceipt() => (++_receipts).ToString(CultureInfo.InvariantCulture);

    private InMemoryInboxEntry? Taken(InboxDelivery delivery) =>
        _entries.TryGetValue(delivery.Id, out InMemoryInboxEntry? entry) && entry.Receipt == delivery.Receipt ? entry : null;

    /// <summary>Removes and adds the entry, because the set is ordered by the values that change here.</summary>
    private bool MoveTo(InMemoryInboxEntry entry, DateTimeOffset due)
    {
        _open.Remove(entry);
        entry.Due = due;
        return _open.Add(entry);
    }

    private void RaiseIf(bool areDue)
    {
        if (areDue)
        {
            EventsDue?.Invoke(this, EventArgs.Empty);
        }
    }
}
