namespace AssetCompute.Client.Journal;

/// <summary>Adapts a checkpoint store for one process to a relay. The store itself refuses a second process with the same name.</summary>
internal sealed class CheckpointRelayStore(IJournalCheckpointStore store) : IJournalRelayStore
{
    public ValueTask<JournalPosition?> LoadCheckpointAsync(string name, CancellationToken cancellationToken = default) => store.LoadAsync(name, cancellationToken);

    public ValueTask SaveCheckpointAsync(string name, JournalPosition position, JournalLease lease, CancellationToken cancellationToken = default) => store.SaveAsync(name, position, cancellationToken);

    public ValueTask<JournalLease?> TryAcquireLeaseAsync(string name, string owner, TimeSpan duration, CancellationToken cancellationToken = default) => new(new JournalLease(name, owner, 1));

    public ValueTask ReleaseLeaseAsync(JournalLease lease, CancellationToken cancellationToken = default) => default;
}
