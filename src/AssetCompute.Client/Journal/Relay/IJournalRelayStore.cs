namespace AssetCompute.Client;

/// <summary>Stores the checkpoints of journal relays, and the leases that let one of many processes read a journal. All methods are thread-safe.</summary>
/// <remarks>
/// The fence prevents a paused process whose lease has passed to another from moving the checkpoint. It cannot prevent that process from publishing a page
/// again that it had started. Those events have the same <see cref="JournalEntry.Id"/>.
/// </remarks>
public interface IJournalRelayStore
{
    /// <summary>Loads the last saved position of a journal.</summary>
    /// <param name="name">The name of the checkpoint.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The position; null if none has been saved.</returns>
    /// <exception cref="ArgumentException"><paramref name="name"/> is null or empty.</exception>
    ValueTask<JournalPosition?> LoadCheckpointAsync(string name, CancellationToken cancellationToken = default);

    /// <summary>Saves a position. When this returns, the position survives the end of the process.</summary>
    /// <param name="name">The name of the checkpoint.</param>
    /// <param name="position">The position.</param>
    /// <param name="lease">The lease under which the journal is read.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="JournalLeaseLostException">The lease has ended, was released, or belongs to another owner. Nothing was saved.</exception>
    ValueTask SaveCheckpointAsync(string name, JournalPosition position, JournalLease lease, CancellationToken cancellationToken = default);

    /// <summary>Acquires a lease, or renews the owner's own lease.</summary>
    /// <param name="name">What the lease is for.</param>
    /// <param name="owner">The owner: an id of the process that no other process uses.</param>
    /// <param name="duration">How long the lease is held from now; over zero, up to 30 days.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>
    /// The lease; null if another owner holds it. A renewal keeps the fence. After the lease has ended or was released, the next one has a higher fence,
    /// for the same owner too.
    /// </returns>
    /// <exception cref="ArgumentException"><paramref name="name"/> or <paramref name="owner"/> is null or empty.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="duration"/> is out of range.</exception>
    ValueTask<JournalLease?> TryAcquireLeaseAsync(string name, string owner, TimeSpan duration, CancellationToken cancellationToken = default);

    /// <summary>Releases a lease, so that another owner does not have to wait for its end. Has no effect on a lost lease.</summary>
    /// <param name="lease">The lease.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="ArgumentNullException"><paramref name="lease"/> is null.</exception>
    ValueTask ReleaseLeaseAsync(JournalLease lease, CancellationToken cancellationToken = default);
}
