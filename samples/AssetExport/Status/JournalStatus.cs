namespace AssetExport;

/// <summary>The status of the journal.</summary>
/// <param name="IsHealthy">Whether it is read, by this instance or by another.</param>
/// <param name="Description">What the health check says.</param>
/// <param name="IsReader">Whether this instance reads it.</param>
/// <param name="Position">The stored position; null before the first.</param>
/// <param name="LastGood">When it was last read successfully.</param>
public sealed record JournalStatus(bool IsHealthy, string Description, bool IsReader, string? Position, string? LastGood);
