namespace AssetExport;

/// <summary>A row of the ledger: one content of an asset, for one destination.</summary>
public sealed record ExportEntry
{
    /// <summary>The id, derived from path, version and destination.</summary>
    public required string Id { get; init; }

    /// <summary>The path of the asset in AEM.</summary>
    public required string Path { get; init; }

    /// <summary>The identifier of the content: its SHA-1 if AEM knows it.</summary>
    public required string Version { get; init; }

    /// <summary>The name of the destination; empty if the asset has none.</summary>
    public required string Destination { get; init; }

    /// <summary>The name at the destination, without the destination's common prefix or folder; empty if it has none.</summary>
    public string Name { get; init; } = "";

    /// <summary>The state of the export.</summary>
    public required ExportState State { get; init; }

    /// <summary>The reason for the state; null if there is none.</summary>
    public string? Reason { get; init; }

    /// <summary>The number of attempts. Attempts that failed only because a system was busy are not counted.</summary>
    public int Attempts { get; init; }

    /// <summary>
    /// The number of the last claim, counted over all contents of the asset for this destination; 0 before the first. Holders of earlier claims can no longer
    /// change anything.
    /// </summary>
    public long Fence { get; init; }

    /// <summary>The size of the original in bytes, from AEM's metadata; null if unknown.</summary>
    public long? Size { get; init; }

    /// <summary>The SHA-1 of the original in hexadecimal digits, from AEM's metadata; null if unknown.</summary>
    public string? Sha1 { get; init; }

    /// <summary>The number of bytes written to the destination, including renditions; null before the export.</summary>
    public long? Bytes { get; init; }

    /// <summary>The location at the destination; null before the export.</summary>
    public string? Location { get; init; }

    /// <summary>The time when the export is due.</summary>
    public DateTimeOffset DueAt { get; init; }

    /// <summary>The time when the entry was created.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>The time when the entry last changed.</summary>
    public DateTimeOffset UpdatedAt { get; init; }

    /// <summary>The time when the asset was exported; null before the export.</summary>
    public DateTimeOffset? ExportedAt { get; init; }

    /// <summary>The time since when the export has been delayed because a system was busy; null if it is not.</summary>
    public DateTimeOffset? BusySince { get; init; }
}
