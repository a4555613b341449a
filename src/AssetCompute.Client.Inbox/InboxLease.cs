namespace AssetCompute.Client.Inbox;

/// <summary>The right to do a thing that only one of many instances does.</summary>
/// <param name="Name">What it is for.</param>
/// <param name="Owner">Who holds it.</param>
/// <param name="Fence">Grows each time the lease goes to an owner anew: what an owner does under an older one is refused.</param>
public sealed record InboxLease(string Name, string Owner, long Fence);
