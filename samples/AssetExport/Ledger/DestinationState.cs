namespace AssetExport;

/// <summary>The state of a destination, across all instances.</summary>
internal sealed record DestinationState
{
    /// <summary>The name of the destination.</summary>
    public required string Name { get; init; }

    /// <summary>The time of the next run; null if the application has not started with this destination yet.</summary>
    public DateTimeOffset? NextRunAt { get; init; }

    /// <summary>The time since when exports are paused; null if they are not.</summary>
    public DateTimeOffset? PausedAt { get; init; }

    /// <summary>The operator who paused it; null if unknown.</summary>
    public string? PausedBy { get; init; }

    /// <summary>The schedule that the next run was computed from.</summary>
    internal string? Pace { get; init; }
}
