namespace AssetCompute.Client;

/// <summary>Events of a journal that a relay publishes together.</summary>
public sealed class JournalRelayPage
{
    /// <summary>The name of the checkpoint.</summary>
    public required string Name { get; init; }

    /// <summary>The events, in the order of the journal. Empty if <see cref="Skipped"/> is set.</summary>
    public required IReadOnlyList<JournalEntry> Entries { get; init; }

    /// <summary>
    /// An event that cannot be published, because it is too large or nested too deeply: save it, for example as a dead letter, or ignore it. Null for a page
    /// of events.
    /// </summary>
    public JournalEventSkipped? Skipped { get; init; }

    /// <summary>The position after the events.</summary>
    public required JournalPosition Position { get; init; }

    /// <summary>The lease under which the journal is read.</summary>
    public required JournalLease Lease { get; init; }

    /// <summary>
    /// Whether the sink has saved <see cref="Position"/> itself, in one transaction with the events. The relay then does not save it. Default: false.
    /// </summary>
    public bool IsSaved { get; set; }
}
