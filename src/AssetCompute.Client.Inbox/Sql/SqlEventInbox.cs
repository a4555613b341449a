using System.Data.Common;

namespace AssetCompute.Client.Inbox;

/// <summary>The common base of the inboxes in a SQLite file and in a PostgreSQL database.</summary>
public abstract class SqlEventInbox : IEventInbox
{
    /// <summary>How many completed events one transaction removes: few enough that other calls do not wait long.</summary>
    private const int RemovedAtOnce = 1000;

    private static readonly TimeSpan s_longestRetention = TimeSpan.FromDays(365_000);
    private readonly SqlInboxStatements _statements;

    private protected SqlEventInbox(SqlInboxStatements statements) => _statements = statements;

    /// <inheritdoc/>
    public event EventHandler? EventsDue;

    /// <inheritdoc/>
    public async ValueTask<int> AddAsync(IReadOnlyList<InboxMessage> messages, InboxCheckpoint? checkpoint = null, CancellationToken cancellationToken = default)
    {
        InboxArguments.CheckMessages(messages);
        int added = await StoreAsync(messages, checkpoint, cancellationToken).ConfigureAwait(false);
        RaiseIf(added > 0);
        return added;
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<InboxDelivery>> TakeAsync(int maxCount, TimeSpan visibilityTimeout, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxCount);
        InboxArguments.CheckDuration(visibilityTimeout);
        return await TakeDueAsync(maxCount, visibilityTimeout, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<bool> RenewAsync(InboxDelivery delivery, TimeSpan visibilityTimeout, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(delivery);
        InboxArguments.CheckDuration(visibilityTimeout);
        return await ExecuteAsync(_statements.Renew, cancellationToken, delivery.Id, delivery.Receipt, visibilityTimeout).ConfigureAwait(false) > 0;
    }

    /// <inheritdoc/>
    public async ValueTask<bool> SettleAsync(InboxDelivery delivery, InboxOutcome outcome, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(delivery);
        ArgumentNullException.ThrowIfNull(outcome);
        if (outcome.Kind == InboxOutcomeKind.Completed)
        {
            return (await CompleteAsync(delivery, visibilityTimeout: null, cancellationToken).ConfigureAwait(false)).IsCompleted;
        }

        int state = outcome.Kind == InboxOutcomeKind.DeadLetter ? SqlInboxStatements.DeadLetter : SqlInboxStatements.Open;
        int returned = outcome.Kind == InboxOutcomeKind.Returned ? 1 : 0;
        int alone = delivery.WasAbandoned ? returned : 0;
        bool settled = await ExecuteAsync(_statements.Settle, cancellationToken, delivery.Id, delivery.Receipt, state, outcome.Delay, returned, outcome.Reason, alone).ConfigureAwait(false) > 0;
        RaiseIf(settled && state == SqlInboxStatements.Open && outcome.Delay == TimeSpan.Zero);
        return settled;
    }

    /// <inheritdoc/>
    public async ValueTask<InboxCompletion> CompleteAndTakeAsync(InboxDelivery delivery, TimeSpan visibilityTimeout, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(delivery);
        InboxArguments.CheckDuration(visibilityTimeout);
        return await CompleteAsync(delivery, visibilityTimeout, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<InboxCounts> CountAsync(CancellationToken cancellationToken = default) =>
        (await QueryAsync(_statements.Count, static row => new InboxCounts(row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3)), cancellationToken).ConfigureAwait(false))[0];

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<InboxDeadLetter>> ReadDeadLettersAsync(int maxCount, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxCount);
        return await QueryAsync(
            _statements.ReadDeadLetters,
            row => new InboxDeadLetter(row.GetString(0), row.GetFieldValue<byte[]>(1), row.GetInt32(2), row.GetString(3), TimeOf(row, 4), TimeOf(row, 5)),
            cancellationToken,
            maxCount).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<bool> RequeueAsync(string id, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(id);
        bool requeued = await ExecuteAsync(_statements.Requeue, cancellationToken, id).ConfigureAwait(false) > 0;
        RaiseIf(requeued);
        return requeued;
    }

    /// <inheritdoc/>
    public async ValueTask<int> RemoveCompletedAsync(TimeSpan retention, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(retention, TimeSpan.Zero);
        int removed = 0;
        int last;
        do
        {
            last = await ExecuteAsync(_statements.RemoveCompleted, cancellationToken, retention < s_longestRetention ? retention : s_longestRetention, RemovedAtOnce).ConfigureAwait(false);
            removed += last;
        }
        while (last == RemovedAtOnce);

        return removed;
    }

    /// <inheritdoc/>
    public async ValueTask<JournalPosition?> LoadCheckpointAsync(string name, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        List<JournalPosition> positions = await QueryAsync(_statements.LoadCheckpoint, row => PositionOf(name, row.GetString(0)), cancellationToken, name).ConfigureAwait(false);
        return positions.Count == 0 ? null : positions[0];
    }

    /// <inheritdoc/>
    public async ValueTask<JournalLease?> TryAcquireLeaseAsync(string name, string owner, TimeSpan duration, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentException.ThrowIfNullOrEmpty(owner);
        InboxArguments.CheckDuration(duration);
        List<JournalLease> leases = await QueryAsync(_statements.AcquireLease, row => new JournalLease(name, owner, row.GetInt64(0)), cancellationToken, name, owner, duration).ConfigureAwait(false);
        return leases.Count == 0 ? null : leases[0];
    }

    /// <inheritdoc/>
    public async ValueTask ReleaseLeaseAsync(JournalLease lease, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(lease);
        await ExecuteAsync(_statements.ReleaseLease, cancellationToken, lease.Name, lease.Owner, lease.Fence).ConfigureAwait(false);
    }

    /// <summary>Parses the stored position of a checkpoint.</summary>
    /// <exception cref="InboxException">The stored text is not a position.</exception>
    internal static JournalPosition PositionOf(string name, string stored)
    {
        try
        {
            return JournalPosition.Parse(stored);
        }
        catch (FormatException exception)
        {
            throw new InboxException($"The stored value of the checkpoint '{name}' is not a journal position. To start without it, delete its row.", exception);
        }
    }

    /// <summary>Reads a row of id, body, attempts, time of storing, receipt, reason, and whether the previous attempt had no outcome.</summary>
    internal InboxDelivery DeliveryOf(DbDataReader row) => new(row.GetString(0), row.GetFieldValue<byte[]>(1), row.GetInt32(2), TimeOf(row, 3), row.GetString(4), row.IsDBNull(5) ? null : row.GetString(5))
    {
        WasAbandoned = row.GetBoolean(6),
    };

    /// <summary>Stores events and a checkpoint in one transaction.</summary>
    internal abstract ValueTask<int> StoreAsync(IReadOnlyList<InboxMessage> messages, InboxCheckpoint? checkpoint, CancellationToken cancellationToken);

    /// <summary>Takes due events.</summary>
    internal abstract ValueTask<List<InboxDelivery>> TakeDueAsync(int maxCount, TimeSpan visibilityTimeout, CancellationToken cancellationToken);

    /// <summary>Completes an event, and takes the next one if it has a visibility timeout.</summary>
    internal abstract ValueTask<InboxCompletion> CompleteAsync(InboxDelivery delivery, TimeSpan? visibilityTimeout, CancellationToken cancellationToken);

    /// <summary>Runs a statement.</summary>
    /// <returns>The number of changed rows.</returns>
    internal abstract ValueTask<int> ExecuteAsync(string sql, CancellationToken cancellationToken, params object?[] values);

    /// <summary>Reads the rows of a statement.</summary>
    internal abstract ValueTask<List<T>> QueryAsync<T>(string sql, Func<DbDataReader, T> read, CancellationToken cancellationToken, params object?[] values);

    /// <summary>Reads a time from a column.</summary>
    internal abstract DateTimeOffset TimeOf(DbDataReader row, int column);

    private void RaiseIf(bool areDue)
    {
        if (areDue)
        {
            EventsDue?.Invoke(this, EventArgs.Empty);
        }
    }
}
