namespace AssetCompute.Client;

/// <summary>
/// The reader skipped an event, and reading continues after it. The event has more bytes than <see cref="JournalOptions.MaxEventBytes"/>, or is nested more
/// than 256 levels deep.
/// </summary>
public sealed record JournalEventSkipped : JournalNotice
{
    /// <summary>The entry. <see cref="JournalEntry.Raw"/> is empty if the event is too large.</summary>
    public required JournalEntry Entry { get; init; }

    /// <summary>Why the event was skipped.</summary>
    public required string Reason { get; init; }
}
