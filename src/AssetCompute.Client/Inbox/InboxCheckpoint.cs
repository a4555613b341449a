namespace AssetCompute.Client.Inbox;

/// <summary>How far a journal has been read into an inbox.</summary>
/// <param name="Name">The name of the checkpoint.</param>
/// <param name="Position">The position behind the events that are stored with it.</param>
/// <param name="Lease">The lease under which the journal is read: where it is lost, nothing is stored. Default: none, where only one instance reads.</param>
public sealed record InboxCheckpoint(string Name, JournalPosition Position, InboxLease? Lease = null);
