namespace AssetExport;

/// <summary>How the journal is read.</summary>
/// <param name="IsHealthy">Whether it is read, by this instance or by another.</param>
/// <param name="Description">What the health check says.</param>
/// <param name="IsReader">Whether this instance reads.</param>
/// <param name="Position">The position that is stored; null before the first.</param>
/// <param name="LastGood">When it was last read well.</param>
public sealed record JournalStatus(bool IsHealthy, string Description, bool IsReader, string? Position, string? LastGood);
