namespace AssetCompute.Client;

/// <summary>Entries that no attempt could handle, or an event that the reader had to skip (<see cref="JournalEventSkipped"/>).</summary>
public sealed record JournalDeadLetter
{
    /// <summary>The entry, or the batch.</summary>
    public required IReadOnlyList<JournalEntry> Entries { get; init; }

    /// <summary>How often handling was tried; 0 for an event that was skipped.</summary>
    public required int Attempts { get; init; }

    /// <summary>The failure of the last attempt, or a <see cref="JournalException"/> that says why the event was skipped.</summary>
    public required Exception Exception { get; init; }
}
