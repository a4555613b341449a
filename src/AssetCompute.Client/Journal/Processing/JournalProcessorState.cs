namespace AssetCompute.Client.Journal;

/// <summary>What is known of a running processor, for its health check.</summary>
internal sealed class JournalProcessorState
{
    private readonly object _lock = new();
    private JournalProcessorSnapshot _snapshot = new();

    public JournalProcessorSnapshot Snapshot
    {
        get
        {
            lock (_lock)
            {
                return _snapshot;
            }
        }
    }

    public void Update(Func<JournalProcessorSnapshot, JournalProcessorSnapshot> change)
    {
        lock (_lock)
        {
            _snapshot = change(_snapshot);
        }
    }
}
