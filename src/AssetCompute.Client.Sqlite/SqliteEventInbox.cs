using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using AssetCompute.Client.Inbox;
using Microsoft.Data.Sqlite;

namespace AssetCompute.Client.Sqlite;

/// <summary>
/// An inbox in one SQLite file, for the processes of one machine. When a call returns, what it did outlives the end of the process and, with
/// <see cref="SqliteSynchronousMode.Full"/>, a power failure.
/// </summary>
/// <remarks>
/// The file is in WAL mode: beside it lie a <c>-wal</c> and a <c>-shm</c> file, which belong to it. Several processes may use one file; their clocks
/// are the machine's. Keep one instance for the life of the program and dispose it at the end. Thread-safe.
/// </remarks>
public sealed class SqliteEventInbox : IEventInbox, IInboxNotifier, IInboxSource, IAsyncDisposable, IDisposable
{
    private const int MaxRemovedAtOnce = 1000;
    private const int MaxReadAtOnce = 100;
    private const int Open = 0;
    private const int Completed = 1;
    private const int DeadLetter = 2;

    private readonly SqliteWorkQueue _queue;
    private readonly TimeProvider _timeProvider;

    /// <summary>An inbox; the file is opened at the first call.</summary>
    /// <param name="options">The file and how it is used.</param>
    /// <param name="timeProvider">The clock. Default: the system's.</param>
    /// <exception cref="ArgumentException">An option is missing or out of its range.</exception>
    public SqliteEventInbox(SqliteInboxOptions options, TimeProvider? timeProvider = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        SqliteInboxOptionsValidator.Check(options);
        string path = Path.GetFullPath(options.Path);
        SqliteSynchronousMode synchronous = options.Synchronous;
        TimeSpan busyTimeout = options.BusyTimeout;
        _timeProvider = timeProvider ?? TimeProvider.System;
        _queue = new SqliteWorkQueue(() => SqliteInboxDatabase.Open(path, synchronous, busyTimeout), path);
    }

    internal SqliteEventInbox(SqliteWorkQueue queue, TimeProvider timeProvider)
    {
        _queue = queue;
        _timeProvider = timeProvider;
    }

    /// <inheritdoc/>
    public event EventHandler? EventsDue;

    /// <inheritdoc/>
    public async ValueTask<int> AddAsync(IReadOnlyList<InboxMessage> messages, InboxCheckpoint? checkpoint = null, CancellationToken cancellationToken = default)
    {
        InboxArguments.CheckMessages(messages);
        int added = await _queue.RunAsync(database => Add(database, messages, checkpoint), cancellationToken).ConfigureAwait(false);
        if (added > 0)
        {
            EventsDue?.Invoke(this, EventArgs.Empty);
        }

        return added;
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<InboxDelivery>> TakeAsync(int maxCount, TimeSpan visibilityTimeout, CancellationToken cancellationToken = default)
    {
        InboxArguments.CheckCount(maxCount, nameof(maxCount));
        InboxArguments.CheckDuration(visibilityTimeout, nameof(visibilityTimeout));
        return await _queue.RunAsync(database => Take(database, maxCount, visibilityTimeout), cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<bool> RenewAsync(InboxDelivery delivery, TimeSpan visibilityTimeout, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(delivery);
        InboxArguments.CheckDuration(visibilityTimeout, nameof(visibilityTimeout));
        cancellationToken.ThrowIfCancellationRequested();
        return SqliteInboxRows.TryReadReceipt(delivery, out long seq, out long number)
            && await _queue.RunAsync(
                database => database.Execute(
                    "UPDATE events SET moment = $1 WHERE seq = $2 AND deliveries = $3 AND taken = 1 AND id = $4",
                    (_timeProvider.GetUtcNow() + visibilityTimeout).UtcTicks,
                    seq,
                    number,
                    delivery.Id) > 0,
                cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<bool> SettleAsync(InboxDelivery delivery, InboxOutcome outcome, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(delivery);
        ArgumentNullException.ThrowIfNull(outcome);
        cancellationToken.ThrowIfCancellationRequested();
        bool settled = SqliteInboxRows.TryReadReceipt(delivery, out long seq, out long number)
            && await _queue.RunAsync(database => Settle(database, delivery, seq, number, outcome), cancellationToken).ConfigureAwait(false);
        if (settled && outcome.Kind is InboxOutcomeKind.Retry or InboxOutcomeKind.Returned && outcome.Delay == TimeSpan.Zero)
        {
            EventsDue?.Invoke(this, EventArgs.Empty);
        }

        return settled;
    }

    /// <inheritdoc/>
    public async ValueTask<InboxCounts> CountAsync(CancellationToken cancellationToken = default) =>
        await _queue.RunAsync(
            database =>
            {
                long open = Count(database, Open);
                long taken = database.Scalar("SELECT count(*) FROM events WHERE state = $1 AND moment > $2 AND taken = 1", Open, Now);
                return new InboxCounts(open - taken, taken, Count(database, Completed), Count(database, DeadLetter));
            },
            cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<InboxDeadLetter>> ReadDeadLettersAsync(int maxCount, CancellationToken cancellationToken = default)
    {
        InboxArguments.CheckCount(maxCount, nameof(maxCount));
        return await _queue.RunAsync(
            database =>
            {
                List<InboxDeadLetter> letters = [];
                using SqliteDataReader rows = database.Query(SqliteInboxStatements.DeadLetters, DeadLetter, maxCount);
                while (rows.Read())
                {
                    letters.Add(SqliteInboxRows.DeadLetter(rows));
                }

                return letters;
            },
            cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<bool> RequeueAsync(string id, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(id);
        bool requeued = await _queue.RunAsync(
            database => database.Execute(
                "UPDATE events SET state = $1, moment = $2, attempts = 0, reason = NULL WHERE id = $3 AND state = $4", Open, Now, id, DeadLetter) > 0,
            cancellationToken).ConfigureAwait(false);
        if (requeued)
        {
            EventsDue?.Invoke(this, EventArgs.Empty);
        }

        return requeued;
    }

    /// <inheritdoc/>
    public async ValueTask<int> RemoveCompletedAsync(TimeSpan retention, CancellationToken cancellationToken = default)
    {
        InboxArguments.CheckRetention(retention, nameof(retention));
        cancellationToken.ThrowIfCancellationRequested();
        DateTimeOffset now = _timeProvider.GetUtcNow();
        long limit = retention.Ticks >= now.UtcTicks ? 0 : now.UtcTicks - retention.Ticks;
        int removed = 0;
        int last;
        do
        {
            // In portions, so that other calls come in between.
            last = await _queue.RunAsync(database => database.Execute(SqliteInboxStatements.RemoveCompleted, Completed, limit, MaxRemovedAtOnce), cancellationToken).ConfigureAwait(false);
            removed += last;
        }
        while (last == MaxRemovedAtOnce);

        return removed;
    }

    /// <inheritdoc/>
    public async ValueTask<JournalPosition?> LoadCheckpointAsync(string name, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        string? position = await _queue.RunAsync(
            database =>
            {
                using SqliteDataReader rows = database.Query("SELECT position FROM checkpoints WHERE name = $1", name);
                return rows.Read() ? rows.GetString(0) : null;
            },
            cancellationToken).ConfigureAwait(false);
        return position is null ? null : InboxRefusals.Position(name, position);
    }

    /// <inheritdoc/>
    public async ValueTask<JournalLease?> TryAcquireLeaseAsync(string name, string owner, TimeSpan duration, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentException.ThrowIfNullOrEmpty(owner);
        InboxArguments.CheckDuration(duration, nameof(duration));
        return await _queue.RunAsync(
            database =>
            {
                DateTimeOffset now = _timeProvider.GetUtcNow();
                using SqliteDataReader rows = database.Query(SqliteInboxStatements.AcquireLease, name, owner, (now + duration).UtcTicks, now.UtcTicks);
                return rows.Read() ? new JournalLease(name, owner, rows.GetInt64(0)) : null;
            },
            cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask ReleaseLeaseAsync(JournalLease lease, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(lease);
        await _queue.RunAsync(
            database => database.Execute("UPDATE leases SET ends_at = 0 WHERE name = $1 AND owner = $2 AND fence = $3", lease.Name, lease.Owner, lease.Fence),
            cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<InboxRecord> ReadAllAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        long last = 0;
        List<InboxRecord> portion;
        do
        {
            portion = await _queue.RunAsync(
                database =>
                {
                    List<InboxRecord> records = [];
                    using SqliteDataReader rows = database.Query(SqliteInboxStatements.All, last, MaxReadAtOnce);
                    while (rows.Read())
                    {
                        last = rows.GetInt64(0);
                        records.Add(SqliteInboxRows.Record(rows));
                    }

                    return records;
                },
                cancellationToken).ConfigureAwait(false);
            foreach (InboxRecord record in portion)
            {
                yield return record;
            }
        }
        while (portion.Count > 0);
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyDictionary<string, JournalPosition>> ReadCheckpointsAsync(CancellationToken cancellationToken = default) =>
        await _queue.RunAsync(
            database =>
            {
                Dictionary<string, JournalPosition> positions = [];
                using SqliteDataReader rows = database.Query("SELECT name, position FROM checkpoints");
                while (rows.Read())
                {
                    positions[rows.GetString(0)] = InboxRefusals.Position(rows.GetString(0), rows.GetString(1));
                }

                return positions;
            },
            cancellationToken).ConfigureAwait(false);

    /// <summary>Ends the calls that were made, and closes the file.</summary>
    public ValueTask DisposeAsync() => _queue.DisposeAsync();

    /// <summary>Ends the calls that were made, and closes the file. Blocks until then; prefer <see cref="DisposeAsync"/>.</summary>
    public void Dispose() => _queue.Dispose();

    private long Now => _timeProvider.GetUtcNow().UtcTicks;

    private int Add(SqliteInboxDatabase database, IReadOnlyList<InboxMessage> messages, InboxCheckpoint? checkpoint)
    {
        long now = Now;
        if (checkpoint?.Lease is { } lease
            && database.Scalar("SELECT count(*) FROM leases WHERE name = $1 AND owner = $2 AND fence = $3 AND ends_at > $4", lease.Name, lease.Owner, lease.Fence, now) == 0)
        {
            throw new JournalLeaseLostException(lease);
        }

        int added = 0;
        for (int i = 0; i < messages.Count; i++)
        {
            if (database.Execute(SqliteInboxStatements.Insert, messages[i].Id, messages[i].DeadLetterReason is null ? Open : DeadLetter, now, messages[i].DeadLetterReason) > 0)
            {
                added++;
                database.Execute("INSERT INTO bodies (seq, body) VALUES ($1, $2)", database.LastRow, Bytes(messages[i].Event));
            }
        }

        if (checkpoint is not null)
        {
            database.Execute("INSERT INTO checkpoints (name, position) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET position = excluded.position", checkpoint.Name, checkpoint.Position.ToString());
        }

        return added;
    }

    private List<InboxDelivery> Take(SqliteInboxDatabase database, int maxCount, TimeSpan visibilityTimeout)
    {
        DateTimeOffset now = _timeProvider.GetUtcNow();
        List<(long Seq, InboxDelivery Delivery)> taken = [];
        using (SqliteDataReader rows = database.Query(SqliteInboxStatements.Due, Open, now.UtcTicks, maxCount))
        {
            while (rows.Read())
            {
                // One whose worker died comes alone.
                InboxDelivery delivery = SqliteInboxRows.Delivery(rows);
                if (taken.Count == 0 || !delivery.WasAbandoned)
                {
                    taken.Add((rows.GetInt64(0), delivery));
                }

                if (delivery.WasAbandoned)
                {
                    break;
                }
            }
        }

        foreach ((long seq, _) in taken)
        {
            database.Execute(SqliteInboxStatements.Take, (now + visibilityTimeout).UtcTicks, seq);
        }

        return taken.ConvertAll(static item => item.Delivery);
    }

    private bool Settle(SqliteInboxDatabase database, InboxDelivery delivery, long seq, long number, InboxOutcome outcome)
    {
        int state = outcome.Kind switch
        {
            InboxOutcomeKind.Completed => Completed,
            InboxOutcomeKind.DeadLetter => DeadLetter,
            _ => Open,
        };
        bool returned = outcome.Kind == InboxOutcomeKind.Returned;
        long moment = (_timeProvider.GetUtcNow() + outcome.Delay).UtcTicks;
        if (database.Execute(SqliteInboxStatements.Settle, state, moment, returned ? 1 : 0, outcome.Reason, seq, number, delivery.Id, returned && delivery.WasAbandoned ? 1 : 0) == 0)
        {
            return false;
        }

        if (state == Completed)
        {
            database.Execute("DELETE FROM bodies WHERE seq = $1", seq);
        }

        return true;
    }

    private static long Count(SqliteInboxDatabase database, int state) => database.Scalar("SELECT count(*) FROM events WHERE state = $1", state);

    /// <summary>The driver takes whole arrays only.</summary>
    private static byte[] Bytes(ReadOnlyMemory<byte> memory) =>
        MemoryMarshal.TryGetArray(memory, out ArraySegment<byte> segment) && segment.Offset == 0 && segment.Count == segment.Array!.Length ? segment.Array : memory.ToArray();
}
