namespace AssetCompute.Client.Journal;

/// <summary>The state of a running processor or relay, for its health check.</summary>
internal sealed class JournalState
{
    private readonly object _lock = new();
    private volatile JournalSnapshot _snapshot = new();

    public JournalSnapshot Snapshot => _snapshot;

    public void Update(Func<JournalSnapshot, JournalSnapshot> change)
    {
        lock (_lock)
        {
            _snapshot = change(_snapshot);
        }
    }
}
