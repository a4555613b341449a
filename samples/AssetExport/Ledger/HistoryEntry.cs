namespace AssetExport;

/// <summary>Something that happened to an asset.</summary>
public sealed record HistoryEntry
{
    /// <summary>When.</summary>
    public DateTimeOffset At { get; init; }

    /// <summary>The asset.</summary>
    public required string Path { get; init; }

    /// <summary>The destination; empty if it is not about one.</summary>
    public required string Destination { get; init; }

    /// <summary>What: <c>planned</c>, <c>busy</c>, <c>attempt failed</c>, <c>exported</c>, <c>failed</c>, <c>skipped</c>, <c>retried</c> or <c>repeated</c>.</summary>
    public required string What { get; init; }

    /// <summary>Why, or where the asset is; null if there is nothing to say.</summary>
    public string? Detail { get; init; }

    /// <summary>The operator; null for the application, or if unknown.</summary>
    public string? By { get; init; }
}
