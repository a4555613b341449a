using AssetCompute.Client.Inbox;
using Microsoft.Data.Sqlite;
using SQLitePCL;

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
        _queue = new BatchQueue<Func<SqliteInboxDatabase, object?>, object?>(MaxBatch, RunAsync, typeof(SqliteEventInbox));
    }

    /// <summary>Runs work in a transaction.</summary>
    /// <exception cref="InboxException">The store cannot be used, or the work was refused; nothing has changed.</exception>
    public async ValueTask<T> RunAsync<T>(Func<SqliteInboxDatabase, T> work, CancellationToken cancellationToken) =>
        (T)(await _queue.RunAsync(database => work(database), cancellationToken).ConfigureAwait(false))!;

    /// <exception cref="InboxException">The file does not exist.</exception>
    public void ThrowIfMissing()
    {
        if (!File.Exists(_path))
        {
            throw new InboxException($"There is no inbox at {Path.GetFullPath(_path)}: check the path. SqliteEventInbox resolves a relative path from the current directory, and AddSqliteInbox from the content root.");
        }
    }

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
            return Task.FromException(IsOfTheStore(exception) && exception is not InboxException ? new InboxException(Describe(exception), exception) : exception);
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
        catch (Exception exception) when (IsOfTheStore(exception))
        {
            // After a disk failure, closing fails too. The callers get the first failure.
        }
    }

    private static bool IsOfTheStore(Exception exception) => exception is SqliteException or IOException or UnauthorizedAccessException;

    private string Describe(Exception exception) => (exception as SqliteException)?.SqliteErrorCode switch
    {
        raw.SQLITE_FULL => $"The disk of the inbox {_path} is full: free some space; nothing was changed.",
        raw.SQLITE_BUSY or raw.SQLITE_LOCKED => $"Another process has locked the inbox {_path} for longer than busyTimeout: stop it, or look for a backup or a tool that has the file open.",
        raw.SQLITE_READONLY => $"The inbox {_path} is read-only: give this process the right to write the file and its folder.",
        raw.SQLITE_CORRUPT => $"The inbox {_path} is damaged: stop every process that uses it, keep a copy, and repair it with the command .recover of sqlite3, or start with a new file.",
        raw.SQLITE_NOTADB => $"The file {_path} is not a SQLite database: use another file for the inbox.",
        raw.SQLITE_CANTOPEN or raw.SQLITE_PERM or raw.SQLITE_AUTH => $"The inbox {_path} cannot be opened: check that its folder exists and that this process is allowed to write there.",
        raw.SQLITE_IOERR => $"The disk of the inbox {_path} has failed a read or a write: check the disk. {exception.Message}",
        _ => $"The inbox {_path} cannot be used: {exception.Message}",
    };
}
