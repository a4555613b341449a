namespace AssetExport;

/// <summary>The state of a destination, across all instances. The parameters have the order of the columns.</summary>
/// <param name="Pace">The schedule that the next run was computed from.</param>
/// <param name="NextRunAt">The time of the next run; null if the application has not started with this destination yet.</param>
/// <param name="PausedAt">The time since when exports are paused; null if they are not.</param>
/// <param name="PausedBy">The operator who paused it; null if unknown.</param>
internal sealed record DestinationState(string Name, string? Pace, DateTimeOffset? NextRunAt, DateTimeOffset? PausedAt, string? PausedBy);
