namespace AssetExport;

/// <summary>How a destination stands, over all instances.</summary>
public sealed record DestinationState
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>When its next run is; null before the application has started with it.</summary>
    public DateTimeOffset? NextRunAt { get; init; }

    /// <summary>Since when nothing is exported to it; null if it is not paused.</summary>
    public DateTimeOffset? PausedAt { get; init; }

    /// <summary>The operator who paused it; null if unknown.</summary>
    public string? PausedBy { get; init; }

    /// <summary>What the next run was computed from.</summary>
    internal string? Pace { get; init; }
}
