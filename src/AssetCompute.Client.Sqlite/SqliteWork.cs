namespace AssetCompute.Client.Sqlite;

/// <summary>A call that waits for its turn at the file.</summary>
internal abstract class SqliteWork
{
    private const int Waiting = 0;
    private const int Started = 1;
    private const int Cancelled = 2;
    private int _state;

    public bool IsCancelled => Volatile.Read(ref _state) == Cancelled;

    /// <summary>From now on it cannot be cancelled.</summary>
    /// <returns>False where it is already.</returns>
    public bool TryStart() => Interlocked.CompareExchange(ref _state, Started, Waiting) == Waiting;

    /// <summary>Does the work, inside a transaction.</summary>
    public abstract void Run(SqliteInboxDatabase database);

    /// <summary>Tells the caller what came of it, after the transaction.</summary>
    public abstract void Complete();

    /// <summary>Tells the caller that nothing was changed.</summary>
    public abstract void Fail(Exception exception);

    protected bool TryCancel() => Interlocked.CompareExchange(ref _state, Cancelled, Waiting) == Waiting;
}
