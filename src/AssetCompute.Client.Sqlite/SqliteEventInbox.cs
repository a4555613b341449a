using System.Data.Common;
using System.Runtime.CompilerServices;
using AssetCompute.Client.Inbox;
using Microsoft.Data.Sqlite;

namespace AssetCompute.Client.Sqlite;

/// <summary>
/// An inbox in one SQLite file, for the processes of one machine. When a call returns, the stored data survives the end of the process and, with
/// <see cref="SqliteSynchronousMode.Full"/>, a power failure.
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
    /// <param name="options">The file and its settings.</param>
    /// <param name="timeProvider">The clock. Default: the system clock.</param>
    /// <exception cref="ArgumentException">An option is missing or out of range.</exception>
    public SqliteEventInbox(SqliteInboxOptions options, TimeProvider? timeProvider = null)
        : this(QueueOf(options), timeProvider ?? TimeProvider.System)
    {
    }

    internal SqliteEventInbox(SqliteWorkQueue queue, TimeProvider timeProvider)
        : base(SqliteInboxStatements.Shared)
    {
        _queue = queue;
        _timeProvider = timeProvider;
    }

    internal override int RemovedAtOnce => 1000;

    /// <inheritdoc/>
    public async IAsyncEnumerable<InboxRecord> ReadAllAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
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

    private static SqliteWorkQueue QueueOf(SqliteInboxOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        SqliteInboxOptionsValidator.Check(options);
        (string path, SqliteSynchronousMode synchronous, TimeSpan busyTimeout) = (Path.GetFullPath(options.Path), options.Synchronous, options.BusyTimeout);
        return new SqliteWorkQueue(() => SqliteInboxDatabase.Open(path, synchronous, busyTimeout), path);
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
