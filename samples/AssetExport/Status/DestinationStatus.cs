namespace AssetExport;

/// <summary>The status of a destination. The type and the pace are null if it isn't in the settings.</summary>
internal sealed record DestinationStatus(
    string Name, string? Type, string? Pace, IReadOnlyDictionary<string, long> States, DateTimeOffset? NextRun, DateTimeOffset? PausedAt, string? PausedBy);
