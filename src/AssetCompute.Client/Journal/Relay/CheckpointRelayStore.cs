namespace AssetCompute.Client.Journal;

/// <summary>Adapts a checkpoint store for one process to a relay. The store itself refuses a second process with the same name.</summary>
internal sealed class CheckpointRelayStore : IJournalRelayStore
{
    private readonly IJournalCheckpointStore _store;

    public CheckpointRelayStore(IJournalCheckpointStore store, string name)
    {
        if (store is FileJournalCheckpointStore)
        {
            // Fail at startup: a running relay would retry forever.
            FileJournalCheckpointStore.CheckName(name);
        }

        _store = store;
    }

    public ValueTask<JournalPosition?> LoadCheckpointAsync(string name, CancellationToken cancellationToken = default) => _store.LoadAsync(name, cancellationToken);

    public ValueTask SaveCheckpointAsync(string name, JournalPosition position, JournalLease lease, CancellationToken cancellationToken = default) => _store.SaveAsync(name, position, cancellationToken);

    public ValueTask<JournalLease?> TryAcquireLeaseAsync(string name, string owner, TimeSpan duration, CancellationToken cancellationToken = default) => new(new JournalLease(name, owner, 1));

    public ValueTask ReleaseLeaseAsync(JournalLease lease, CancellationToken cancellationToken = default) => default;
}
