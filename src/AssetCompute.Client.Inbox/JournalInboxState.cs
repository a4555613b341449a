namespace AssetCompute.Client.Inbox;

/// <summary>What is known of a reading into the inbox, for its health check.</summary>
internal sealed class JournalInboxState
{
    private readonly object _lock = new();
    private JournalInboxSnapshot _snapshot = new();

    public JournalInboxSnapshot Snapshot
    {
        get
        {
            lock (_lock)
            {
                return _snapshot;
            }
        }
    }

    public void Update(Func<JournalInboxSnapshot, JournalInboxSnapshot> change)
    {
        lock (_lock)
        {
            _snapshot = change(_snapshot);
        }
    }
}
