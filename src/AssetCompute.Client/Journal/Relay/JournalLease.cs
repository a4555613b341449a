namespace AssetCompute.Client;

/// <summary>The right to do what only one of many processes does, such as to read a journal.</summary>
/// <param name="Name">What it is for.</param>
/// <param name="Owner">Who holds it.</param>
/// <param name="Fence">Grows each time the lease gets a new owner: work under an older fence is refused.</param>
public sealed record JournalLease(string Name, string Owner, long Fence);
