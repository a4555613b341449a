namespace AssetCompute.Client;

/// <summary>
/// The lease of a process has ended or belongs to another process. Nothing was saved. Stop the work under the lease, and acquire it again before you continue
/// at the checkpoint.
/// </summary>
/// <param name="lease">The lease.</param>
/// <exception cref="ArgumentNullException"><paramref name="lease"/> is null.</exception>
public sealed class JournalLeaseLostException(JournalLease lease) : AssetComputeException(lease is null
    ? throw new ArgumentNullException(nameof(lease))
    : $"The lease '{lease.Name}' is no longer held by '{lease.Owner}', so nothing was stored. Stop the work under this lease, and acquire it again before you continue at the checkpoint.");
