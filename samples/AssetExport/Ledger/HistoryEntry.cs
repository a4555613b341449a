namespace AssetExport;

/// <summary>An entry in the history of an asset.</summary>
internal sealed record HistoryEntry
{
    public DateTimeOffset At { get; init; }

    public required string Path { get; init; }

    /// <summary>The destination; empty if the entry is not about one.</summary>
    public required string Destination { get; init; }

    /// <summary>
    /// The kind of entry: <c>planned</c>, <c>busy</c>, <c>attempt failed</c>, <c>exported</c>, <c>failed</c>, <c>skipped</c>, <c>retried</c> or
    /// <c>repeated</c>.
    /// </summary>
    public required string What { get; init; }

    /// <summary>The reason, or the location of the asset; null if there is none.</summary>
    public string? Detail { get; init; }

    /// <summary>The operator; null for the application, or if unknown.</summary>
    public string? By { get; init; }
}
