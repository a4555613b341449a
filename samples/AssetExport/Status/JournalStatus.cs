namespace AssetExport;

/// <summary>The status of the journal.</summary>
/// <param name="IsHealthy">Whether this or another instance reads the journal.</param>
/// <param name="Description">The description from the health check.</param>
/// <param name="IsReader">Whether this instance reads the journal.</param>
/// <param name="Position">The stored position; null before the first one.</param>
/// <param name="LastGood">The time of the last successful read.</param>
internal sealed record JournalStatus(bool IsHealthy, string Description, bool IsReader, string? Position, string? LastGood);
