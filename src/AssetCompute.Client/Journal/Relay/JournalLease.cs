namespace AssetCompute.Client;

/// <summary>The exclusive right of one of many processes to a task, for example to read a journal.</summary>
/// <param name="Name">What the lease is for.</param>
/// <param name="Owner">The owner of the lease.</param>
/// <param name="Fence">Increases each time the lease gets a new owner. Work under an older fence is refused.</param>
public sealed record JournalLease(string Name, string Owner, long Fence);
