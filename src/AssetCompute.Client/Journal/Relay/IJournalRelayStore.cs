namespace AssetCompute.Client;

/// <summary>Keeps the checkpoints of journal relays, and the leases under which one of many processes reads a journal. All methods may be called from many threads at once.</summary>
/// <remarks>
/// What a fence can do: a process that stood still, and whose lease has gone to another, never moves the checkpoint. What it cannot do: keep that process from publishing a page again that it
/// had begun. The events have the same <see cref="JournalEntry.Id"/> then.
/// </remarks>
public interface IJournalRelayStore
{
    /// <summary>Loads the position of a journal that was saved last.</summary>
    /// <param name="name">The name of the checkpoint.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The position; null if none was saved yet.</returns>
    /// <exception cref="ArgumentException"><paramref name="name"/> is null or empty.</exception>
    ValueTask<JournalPosition?> LoadCheckpointAsync(string name, CancellationToken cancellationToken = default);

    /// <summary>Saves a position. When this returns, it outlives the process.</summary>
    /// <param name="name">The name of the checkpoint.</param>
    /// <param name="position">The position.</param>
    /// <param name="lease">The lease under which the journal is read.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="JournalLeaseLostException">The lease has ended, was given back, or is another owner's; nothing was saved.</exception>
    ValueTask SaveCheckpointAsync(string name, JournalPosition position, JournalLease lease, CancellationToken cancellationToken = default);

    /// <summary>Takes a lease, or renews the one that its owner holds.</summary>
    /// <param name="name">What the lease is for.</param>
    /// <param name="owner">Who wants it: an id of the process, not used by any other.</param>
    /// <param name="duration">How long it is held from now on; over zero, up to 30 days.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>
    /// The lease; null where another owner holds it. It has the fence that it had where its owner still held it; after it had ended or was given back it has a higher one, for the same owner too.
    /// </returns>
    /// <exception cref="ArgumentException"><paramref name="name"/> or <paramref name="owner"/> is null or empty.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="duration"/> is out of its range.</exception>
    ValueTask<JournalLease?> TryAcquireLeaseAsync(string name, string owner, TimeSpan duration, CancellationToken cancellationToken = default);

    /// <summary>Gives a lease back, so that another owner need not wait for its end. One that is lost already is left as it is.</summary>
    /// <param name="lease">The lease.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="ArgumentNullException"><paramref name="lease"/> is null.</exception>
    ValueTask ReleaseLeaseAsync(JournalLease lease, CancellationToken cancellationToken = default);
}
