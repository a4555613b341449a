namespace AssetCompute.Client;

/// <summary>
/// An event cannot be handed out, and reading continues behind it: it has more bytes than <see cref="JournalOptions.MaxEventBytes"/>, or is nested more than 256 levels deep.
/// </summary>
public sealed record JournalEventSkipped : JournalNotice
{
    /// <summary>The entry. <see cref="JournalEntry.Raw"/> is empty when the event is too large.</summary>
    public required JournalEntry Entry { get; init; }

    /// <summary>Why the event cannot be handed out.</summary>
    public required string Reason { get; init; }
}
