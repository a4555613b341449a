using AssetCompute.Client.Inbox;

namespace AssetCompute.Client.Sqlite;

/// <summary>A call that waits for its turn at the file, and its result.</summary>
internal sealed class SqliteWork<T>(Func<SqliteInboxDatabase, T> work) : SqliteWork
{
    private readonly TaskCompletionSource<T> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T _result = default!;
    private Exception? _refusal;

    /// <summary>The result; cancelled at once as long as the work is not begun.</summary>
    public async Task<T> WaitAsync(CancellationToken cancellationToken)
    {
        using CancellationTokenRegistration registration = cancellationToken.UnsafeRegister(
            static (state, token) =>
            {
                SqliteWork<T> work = (SqliteWork<T>)state!;
                if (work.TryCancel())
                {
                    work._done.TrySetCanceled(token);
                }
            },
            this);
        return await _done.Task.ConfigureAwait(false);
    }

    public override void Run(SqliteInboxDatabase database)
    {
        try
        {
            _result = work(database);
        }
        catch (Exception refusal) when (refusal is InboxException or JournalLeaseLostException)
        {
            // Refused before anything was written, so that the other calls of the transaction stand.
            _refusal = refusal;
        }
    }

    public override void Complete()
    {
        if (_refusal is not null)
        {
            _done.TrySetException(_refusal);
        }
        else
        {
            _done.TrySetResult(_result);
        }
    }

    public override void Fail(Exception exception) => _done.TrySetException(exception);
}
