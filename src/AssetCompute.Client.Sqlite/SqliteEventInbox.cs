using System.Data.Common;
using System.Runtime.CompilerServices;
using AssetCompute.Client.Inbox;
using Microsoft.Data.Sqlite;

namespace AssetCompute.Client.Sqlite;

/// <summary>
/// An inbox in one SQLite file, for the processes of one machine. When a call returns, the stored data survives the end of the process and, by default, a
/// power failure.
/// </summary>
/// <remarks>
/// The file is in WAL mode: the <c>-wal</c> and <c>-shm</c> files next to it belong to it. Several processes can use one file; they all use the clock of the
/// machine. Keep one instance for the lifetime of the program, and dispose it at the end. Thread-safe.
/// </remarks>
public sealed class SqliteEventInbox : SqlEventInbox, IInboxSource, IAsyncDisposable, IDisposable
{
    private const int MaxReadAtOnce = 100;

    private readonly SqliteWorkQueue _queue;
    private readonly TimeProvider _timeProvider;

    /// <summary>Creates an inbox. The file is opened at the first call.</summary>
    /// <param name="path">
    /// The path of the file. The file and its folder are created if they do not exist. The file must be on a local disk: SQLite's locks do not work over most
    /// network file systems.
    /// </param>
    /// <param name="waitsForDisk">
    /// Whether each transaction waits for the disk (<c>synchronous=FULL</c>). If false (<c>NORMAL</c>), calls are faster, and a power failure may lose the last
    /// transactions, but does not damage the file. Default: true.
    /// </param>
    /// <param name="busyTimeout">How long a call waits for other processes that write to the file; zero to 1 hour. Default: 30 seconds.</param>
    /// <param name="timeProvider">The clock. Default: the system clock.</param>
    /// <exception cref="ArgumentException">An argument is null, not the path of a file, or out of range.</exception>
    public SqliteEventInbox(string path, bool waitsForDisk = true, TimeSpan? busyTimeout = null, TimeProvider? timeProvider = null)
        : this(QueueOf(path, waitsForDisk, busyTimeout), timeProvider ?? TimeProvider.System)
    {
    }

    internal SqliteEventInbox(SqliteWorkQueue queue, TimeProvider timeProvider)
        : base(SqliteInboxStatements.Shared)
    {
        _queue = queue;
        _timeProvider = timeProvider;
    }

    /// <exception cref="ArgumentException">An argument is null, not the path of a file, or out of range.</exception>
    internal static void Check(string path, TimeSpan? busyTimeout)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        if (path.StartsWith(':') || path.StartsWith("file:", StringComparison.OrdinalIgnoreCase))
        {
            throw new ArgumentException($"The path must be the path of a file. For an inbox in memory, use {nameof(InMemoryEventInbox)}.", nameof(path));
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(busyTimeout ?? TimeSpan.Zero, TimeSpan.Zero, nameof(busyTimeout));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(busyTimeout ?? TimeSpan.Zero, TimeSpan.FromHours(1), nameof(busyTimeout));
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<InboxRecord> ReadAllAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        // Other calls create the file. A file to import from must exist, so a missing one means a wrong path.
        _queue.ThrowIfMissing();
        long last = 0;
        List<(long Number, InboxRecord Record)> portion;
        do
        {
            portion = await QueryAsync(SqliteInboxStatements.All, row => (row.GetInt64(0), RecordOf(row)), cancellationToken, last, MaxReadAtOnce).ConfigureAwait(false);
            foreach ((long number, InboxRecord record) in portion)
            {
                last = number;
                yield return record;
            }
        }
        while (portion.Count > 0);
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyDictionary<string, JournalPosition>> ReadCheckpointsAsync(CancellationToken cancellationToken = default) =>
        (await QueryAsync("SELECT name, position FROM checkpoints", static row => (Name: row.GetString(0), Position: PositionOf(row.GetString(0), row.GetString(1))), cancellationToken).ConfigureAwait(false))
            .ToDictionary(static checkpoint => checkpoint.Name, static checkpoint => checkpoint.Position);

    /// <summary>Completes pending calls, and closes the file.</summary>
    public async ValueTask DisposeAsync() => await _queue.EndAsync().ConfigureAwait(false);

    /// <summary>Completes pending calls, and closes the file. Blocks until then; prefer <see cref="DisposeAsync"/>.</summary>
    public void Dispose() => _queue.EndAsync().GetAwaiter().GetResult(); // A synchronous container needs it. The queue runs on the thread pool and awaits the file only, so blocking cannot deadlock.

    internal override ValueTask<int> ExecuteAsync(string sql, CancellationToken cancellationToken, params object?[] values) => RunAsync(database => database.Execute(sql, values), cancellationToken);

    internal override ValueTask<List<T>> QueryAsync<T>(string sql, Func<DbDataReader, T> read, CancellationToken cancellationToken, params object?[] values) =>
        RunAsync(
            database =>
            {
                List<T> all = [];
                using SqliteDataReader rows = database.Query(sql, values);
                while (rows.Read())
                {
                    all.Add(read(rows));
                }

                return all;
            },
            cancellationToken);

    internal override DateTimeOffset TimeOf(DbDataReader row, int column) => new(row.GetInt64(column), TimeSpan.Zero);

    internal override ValueTask<int> StoreAsync(IReadOnlyList<InboxMessage> messages, InboxCheckpoint? checkpoint, CancellationToken cancellationToken) =>
        RunAsync(
            database =>
            {
                if (checkpoint?.Lease is { } lease && database.Scalar(SqliteInboxStatements.HoldsLease, lease.Name, lease.Owner, lease.Fence) == 0)
                {
                    throw new JournalLeaseLostException(lease);
                }

                int added = 0;
                for (int i = 0; i < messages.Count; i++)
                {
                    int state = messages[i].DeadLetterReason is null ? SqlInboxStatements.Open : SqlInboxStatements.DeadLetter;
                    if (database.Execute(SqliteInboxStatements.Insert, messages[i].Id, state, messages[i].DeadLetterReason) > 0)
                    {
                        added++;
                        database.Execute("INSERT INTO bodies (seq, body) VALUES ($1, $2)", database.LastRow, messages[i].Event.ToArray());
                    }
                }

                if (checkpoint is not null)
                {
                    database.Execute(SqliteInboxStatements.SaveCheckpoint, checkpoint.Name, checkpoint.Position.ToString());
                }

                return added;
            },
            cancellationToken);

    internal override ValueTask<List<InboxDelivery>> TakeDueAsync(int maxCount, TimeSpan visibilityTimeout, CancellationToken cancellationToken) =>
        RunAsync(database => Take(database, maxCount, visibilityTimeout, takesAbandoned: true), cancellationToken);

    internal override ValueTask<InboxCompletion> CompleteAsync(InboxDelivery delivery, TimeSpan? visibilityTimeout, CancellationToken cancellationToken) =>
        RunAsync(
            database => new InboxCompletion(
                database.Execute(SqliteInboxStatements.Complete, delivery.Id, delivery.Receipt) > 0 && database.Execute(SqliteInboxStatements.RemoveBody, delivery.Id) > 0,
                visibilityTimeout is { } timeout ? Take(database, 1, timeout, takesAbandoned: false).SingleOrDefault() : null),
            cancellationToken);

    private List<InboxDelivery> Take(SqliteInboxDatabase database, int maxCount, TimeSpan visibilityTimeout, bool takesAbandoned)
    {
        List<InboxDelivery> taken = [];
        using (SqliteDataReader rows = database.Query(SqliteInboxStatements.Due, maxCount))
        {
            while (rows.Read() && taken is not [{ WasAbandoned: true }])
            {
                InboxDelivery delivery = DeliveryOf(rows);
                if (delivery.WasAbandoned && (taken.Count > 0 || !takesAbandoned))
                {
                    break;
                }

                taken.Add(delivery);
            }
        }

        taken.ForEach(delivery => database.Execute(SqliteInboxStatements.Take, visibilityTimeout, delivery.Id));
        return taken;
    }

    private static SqliteWorkQueue QueueOf(string path, bool waitsForDisk, TimeSpan? busyTimeout)
    {
        Check(path, busyTimeout);
        string full = Path.GetFullPath(path);
        return new SqliteWorkQueue(() => SqliteInboxDatabase.Open(full, waitsForDisk, busyTimeout ?? TimeSpan.FromSeconds(30)), full);
    }

    private ValueTask<T> RunAsync<T>(Func<SqliteInboxDatabase, T> work, CancellationToken cancellationToken) =>
        _queue.RunAsync(
            database =>
            {
                database.Now = _timeProvider.GetUtcNow();
                return work(database);
            },
            cancellationToken);

    private InboxRecord RecordOf(DbDataReader row)
    {
        int state = row.GetInt32(3);
        bool isOpen = state == SqlInboxStatements.Open;
        bool isTaken = row.GetBoolean(8);
        DateTimeOffset moment = TimeOf(row, 4);
        return new InboxRecord(row.GetString(1), row.IsDBNull(7) ? default : row.GetFieldValue<byte[]>(7), TimeOf(row, 2))
        {
            // For a taken event, the moment is the end of its visibility timeout, which does not apply in another inbox.
            DueAt = isOpen && !isTaken ? moment : null,
            WasAbandoned = isOpen && isTaken,
            EndedAt = isOpen ? null : moment,
            IsDeadLetter = state == SqlInboxStatements.DeadLetter,
            Attempts = row.GetInt32(5),
            Reason = row.IsDBNull(6) ? null : row.GetString(6),
        };
    }
}
