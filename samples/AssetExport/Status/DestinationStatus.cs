namespace AssetExport;

/// <summary>The status of a destination.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its type; null if it isn't in the settings.</param>
/// <param name="Pace">When and how fast it is exported to, for people; null if it isn't in the settings.</param>
/// <param name="States">How many exports are in each state.</param>
/// <param name="NextRun">When the next scheduled run is due; null if there is none.</param>
/// <param name="PausedAt">Since when an operator has paused it; null if it isn't paused.</param>
/// <param name="PausedBy">Who paused it.</param>
public sealed record DestinationStatus(
    string Name, string? Type, string? Pace, IReadOnlyDictionary<string, long> States, DateTimeOffset? NextRun, DateTimeOffset? PausedAt, string? PausedBy);
