using AssetCompute.Client.Inbox;

namespace AssetCompute.Client.Sqlite;

/// <summary>
/// Runs all calls of an inbox in sequence on one connection. SQLite's calls block, and SQLite allows one writer at a time. With the queue, at most one thread
/// blocks, however many callers there are. Calls that arrive while the disk is busy share the next transaction, and so one wait for the disk.
/// </summary>
internal sealed class SqliteWorkQueue
{
    private const int MaxBatch = 64;

    private readonly BatchQueue<Func<SqliteInboxDatabase, object?>, object?> _queue;
    private readonly Func<SqliteInboxDatabase> _open;
    private readonly string _path;
    private SqliteInboxDatabase? _database;

    public SqliteWorkQueue(Func<SqliteInboxDatabase> open, string path)
    {
        _open = open;
        _path = path;
        _queue = new BatchQueue<Func<SqliteInboxDatabase, object?>, object?>(1, MaxBatch, RunAsync, typeof(SqliteEventInbox));
    }

    /// <summary>Runs work in a transaction.</summary>
    /// <exception cref="InboxException">The store cannot be used, or the work was refused; nothing has changed.</exception>
    public async ValueTask<T> RunAsync<T>(Func<SqliteInboxDatabase, T> work, CancellationToken cancellationToken) =>
        (T)(await _queue.RunAsync(database => work(database), cancellationToken).ConfigureAwait(false))!;

    /// <summary>Ends after all earlier calls, and closes the file.</summary>
    public async Task EndAsync()
    {
        await _queue.EndAsync().ConfigureAwait(false);
        Interlocked.Exchange(ref _database, null)?.Dispose();
    }

    private Task RunAsync(List<BatchItem<Func<SqliteInboxDatabase, object?>, object?>> batch)
    {
        try
        {
            _database ??= _open();
            if (!_database.Begin(() => batch.Exists(static item => !item.Task.IsCanceled)))
            {
                return Task.CompletedTask;
            }

            batch.RemoveAll(static item => !item.TryStart());
            object?[] results = [.. batch.Select(item => Run(item, _database))];
            _database.Commit();
            for (int i = 0; i < results.Length; i++)
            {
                batch[i].TrySetResult(results[i]);
            }

            return Task.CompletedTask;
        }
        catch (Exception exception)
        {
            Close();
            return Task.FromException(SqliteInboxErrors.IsOfTheStore(exception) ? SqliteInboxErrors.Of(exception, _path) : exception);
        }
    }

    private static object? Run(BatchItem<Func<SqliteInboxDatabase, object?>, object?> item, SqliteInboxDatabase database)
    {
        try
        {
            return item.Work(database);
        }
        catch (Exception refusal) when (refusal is InboxException or JournalLeaseLostException)
        {
            // Refused before anything was written, so the other calls of the transaction are not affected.
            item.Fail(refusal);
            return null;
        }
    }

    /// <summary>Closes the connection, whose state is unknown. The next call opens the file again.</summary>
    private void Close()
    {
        try
        {
            Interlocked.Exchange(ref _database, null)?.Dispose();
        }
        catch (Exception exception) when (SqliteInboxErrors.IsOfTheStore(exception))
        {
            // After a disk failure, closing fails too. The callers get the first failure.
        }
    }
}
