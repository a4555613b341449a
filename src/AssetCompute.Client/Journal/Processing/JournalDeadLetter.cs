namespace AssetCompute.Client;

/// <summary>Entries that no attempt could handle.</summary>
/// <param name="Entries">The entry, or the batch.</param>
/// <param name="Attempts">How often handling was tried.</param>
/// <param name="Exception">What the last attempt threw.</param>
public sealed record JournalDeadLetter(IReadOnlyList<JournalEntry> Entries, int Attempts, Exception Exception);
