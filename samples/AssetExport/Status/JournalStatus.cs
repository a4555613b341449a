namespace AssetExport;

/// <summary>The status of the journal. It is healthy if any instance reads it.</summary>
internal sealed record JournalStatus(bool IsHealthy, string Description, bool IsReader);
