namespace AssetCompute.Client.Journal;

/// <summary>The state of a running processor or relay, for its health check.</summary>
internal sealed class JournalState<TSnapshot>
    where TSnapshot : class, new()
{
    private readonly object _lock = new();
    private volatile TSnapshot _snapshot = new();

    /// <summary>When the handling of the oldest unhandled entry started; null if all are handled. Set by the processor.</summary>
    public Func<DateTimeOffset?> OldestOpen { get; set; } = static () => null;

    public TSnapshot Snapshot => _snapshot;

    public void Update(Func<TSnapshot, TSnapshot> change)
    {
        lock (_lock)
        {
            _snapshot = change(_snapshot);
        }
    }
}
