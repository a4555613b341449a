namespace AssetCompute.Client.Inbox;

/// <summary>How far a journal has been read into an inbox.</summary>
/// <param name="Name">The name of the checkpoint; up to 512 characters.</param>
/// <param name="Position">The position after the events that are stored with it.</param>
/// <param name="Lease">The lease under which the journal is read. If the lease is lost, nothing is stored. Default: none, for a single instance.</param>
/// <exception cref="ArgumentException"><paramref name="Name"/> is null, empty or too long, or contains U+0000 or an unpaired surrogate.</exception>
public sealed record InboxCheckpoint(string Name, JournalPosition Position, JournalLease? Lease = null)
{
    /// <summary>The name of the checkpoint.</summary>
    public string Name { get; } = InboxArguments.CheckedText(Name, nameof(Name));
}
