namespace AssetCompute.Client;

/// <summary>Entries whose attempts all failed, or an event that the reader had to skip (<see cref="JournalEventSkipped"/>).</summary>
public sealed record JournalDeadLetter
{
    /// <summary>The entry, or the batch.</summary>
    public required IReadOnlyList<JournalEntry> Entries { get; init; }

    /// <summary>The number of attempts; 0 for a skipped event.</summary>
    public required int Attempts { get; init; }

    /// <summary>The failure of the last attempt, or a <see cref="JournalException"/> that says why the event was skipped.</summary>
    public required Exception Exception { get; init; }
}
