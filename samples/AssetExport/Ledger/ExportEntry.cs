namespace AssetExport;

/// <summary>A row of the ledger: one content of an asset, for one destination.</summary>
internal sealed record ExportEntry
{
    /// <summary>The id, derived from path, version and destination.</summary>
    public required string Id { get; init; }

    public required string Path { get; init; }

    /// <summary>The identifier of the content: its SHA-1 if AEM knows it.</summary>
    public required string Version { get; init; }

    /// <summary>The name of the destination; empty if the asset has none.</summary>
    public required string Destination { get; init; }

    /// <summary>The name at the destination, without the destination's common prefix or folder; empty if it has none.</summary>
    public string Name { get; init; } = "";

    public required ExportState State { get; init; }

    public string? Reason { get; init; }

    /// <summary>The number of attempts. Attempts that failed only because a system was busy are not counted.</summary>
    public int Attempts { get; init; }

    /// <summary>The number of the last claim over all contents of the asset for this destination. Holders of earlier claims can change nothing.</summary>
    public long Fence { get; init; }

    /// <summary>The size and the SHA-1 of the original, from AEM's metadata; null if unknown.</summary>
    public long? Size { get; init; }

    public string? Sha1 { get; init; }

    /// <summary>The number of bytes written to the destination, including renditions, and the location of the first file; null before the export.</summary>
    public long? Bytes { get; init; }

    public string? Location { get; init; }

    public DateTimeOffset DueAt { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset UpdatedAt { get; init; }

    public DateTimeOffset? ExportedAt { get; init; }

    /// <summary>The time since when the export has been delayed because a system was busy; null if it is not.</summary>
    public DateTimeOffset? BusySince { get; init; }
}
