namespace AssetCompute.Client.Journal;

/// <summary>What is known of a running processor, for its health check.</summary>
internal sealed class JournalProcessorState
{
    private readonly object _lock = new();
    private JournalProcessorSnapshot _snapshot = new();

    /// <summary>When the oldest entry that is not handled yet was begun; null where all are. Set by the processor.</summary>
    public Func<DateTimeOffset?> OldestOpen { get; set; } = static () => null;

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
