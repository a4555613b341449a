namespace AssetCompute.Client.Journal;

/// <summary>What is known of a relay, for its health check.</summary>
internal sealed class JournalRelayState
{
    private readonly object _lock = new();
    private JournalRelaySnapshot _snapshot = new();

    public JournalRelaySnapshot Snapshot
    {
        get
        {
            lock (_lock)
            {
                return _snapshot;
            }
        }
    }

    public void Update(Func<JournalRelaySnapshot, JournalRelaySnapshot> change)
    {
        lock (_lock)
        {
            _snapshot = change(_snapshot);
        }
    }
}
