namespace AssetExport;

/// <summary>The status of a destination.</summary>
/// <param name="Name">The name.</param>
/// <param name="Type">The type; null if the destination isn't in the settings.</param>
/// <param name="Pace">The schedule and limits, for people to read; null if the destination isn't in the settings.</param>
/// <param name="States">The number of exports in each state.</param>
/// <param name="NextRun">The time of the next scheduled run; null if there is none.</param>
/// <param name="PausedAt">The time when an operator paused the destination; null if it isn't paused.</param>
/// <param name="PausedBy">The operator who paused it.</param>
internal sealed record DestinationStatus(
    string Name, string? Type, string? Pace, IReadOnlyDictionary<string, long> States, DateTimeOffset? NextRun, DateTimeOffset? PausedAt, string? PausedBy);
