using System.Threading.Channels;
using AssetCompute.Client.Inbox;

namespace AssetCompute.Client.Sqlite;

/// <summary>
/// All calls of an inbox, one after the other on one connection. SQLite's calls block, and it has one writer at a time anyway: so one thread at most
/// blocks however many callers there are, and calls that came while the disk was busy share the next transaction, and so one wait for the disk.
/// </summary>
internal sealed class SqliteWorkQueue : IAsyncDisposable, IDisposable
{
    private const int MaxBatch = 64;

    private readonly Channel<SqliteWork> _queue = Channel.CreateUnbounded<SqliteWork>(new UnboundedChannelOptions { SingleReader = true });
    private readonly Func<SqliteInboxDatabase> _open;
    private readonly string _path;
    private readonly Task _pump;
    private SqliteInboxDatabase? _database;

    public SqliteWorkQueue(Func<SqliteInboxDatabase> open, string path)
    {
        _open = open;
        _path = path;
        _pump = Task.Run(PumpAsync);
    }

    /// <summary>Does a piece of work in a transaction.</summary>
    /// <exception cref="InboxException">The store cannot be used, or the work was refused; nothing has changed.</exception>
    public Task<T> RunAsync<T>(Func<SqliteInboxDatabase, T> work, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        SqliteWork<T> item = new(work);
        ObjectDisposedException.ThrowIf(!_queue.Writer.TryWrite(item), typeof(SqliteEventInbox));
        return item.WaitAsync(cancellationToken);
    }

    /// <summary>Ends after the calls that were made before.</summary>
    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await _pump.ConfigureAwait(false);
    }

    /// <summary>Blocks until the calls that were made before have ended. The pump never waits for anybody, so this cannot lock up.</summary>
    public void Dispose()
    {
        _queue.Writer.TryComplete();
        _pump.Wait();
    }

    private async Task PumpAsync()
    {
        List<SqliteWork> batch = new(MaxBatch);
        while (await _queue.Reader.WaitToReadAsync().ConfigureAwait(false))
        {
            while (batch.Count < MaxBatch && _queue.Reader.TryRead(out SqliteWork? item))
            {
                batch.Add(item);
            }

            Execute(batch);
            batch.Clear();
        }

        _database?.Dispose();
    }

    private void Execute(List<SqliteWork> batch)
    {
        try
        {
            _database ??= _open();
            if (!_database.Begin(() => batch.Exists(static item => !item.IsCancelled)))
            {
                return;
            }

            batch.RemoveAll(static item => !item.TryStart());
            foreach (SqliteWork item in batch)
            {
                item.Run(_database);
            }

            _database.Commit();
        }
        catch (Exception exception)
        {
            Abandon(batch, exception);
            return;
        }

        foreach (SqliteWork item in batch)
        {
            item.Complete();
        }
    }

    /// <summary>Every caller learns it; the next call opens the file anew, since nobody knows what the connection is still good for.</summary>
    private void Abandon(List<SqliteWork> batch, Exception exception)
    {
        try
        {
            _database?.Dispose();
        }
        catch (Exception ignored) when (SqliteInboxErrors.IsOfTheStore(ignored))
        {
            // A disk that has failed fails to close too. The callers learn the first failure.
        }

        _database = null;
        Exception told = SqliteInboxErrors.IsOfTheStore(exception) ? SqliteInboxErrors.Of(exception, _path) : exception;
        foreach (SqliteWork item in batch)
        {
            item.Fail(told);
        }
    }
}
