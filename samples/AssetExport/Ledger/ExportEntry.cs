namespace AssetExport;

/// <summary>A row of the ledger: one content of one asset, for one destination.</summary>
public sealed record ExportEntry
{
    /// <summary>The id: it follows from path, version and destination.</summary>
    public required string Id { get; init; }

    /// <summary>The path of the asset in AEM.</summary>
    public required string Path { get; init; }

    /// <summary>What identifies the content: its SHA-1 where AEM knows it.</summary>
    public required string Version { get; init; }

    /// <summary>The name of the destination; empty where the asset has none.</summary>
    public required string Destination { get; init; }

    /// <summary>Its name at the destination, without the prefix or folder that all names there have; empty if it has none.</summary>
    public string Name { get; init; } = "";

    /// <summary>How it stands.</summary>
    public required ExportState State { get; init; }

    /// <summary>Why it stands so; null where there is nothing to say.</summary>
    public string? Reason { get; init; }

    /// <summary>How many attempts were begun; those at which somebody was only busy do not count.</summary>
    public int Attempts { get; init; }

    /// <summary>
    /// The number of its last claim, among those of all contents of the asset for this destination; 0 before the first. Who claimed it earlier can change nothing any more.
    /// </summary>
    public long Fence { get; init; }

    /// <summary>The size of the original in bytes, by AEM's metadata; null where they do not say.</summary>
    public long? Size { get; init; }

    /// <summary>The SHA-1 of the original in hexadecimal digits, by AEM's metadata; null where they do not say.</summary>
    public string? Sha1 { get; init; }

    /// <summary>How many bytes were written to the destination, renditions included; null before that.</summary>
    public long? Bytes { get; init; }

    /// <summary>Where the destination has it; null before that.</summary>
    public string? Location { get; init; }

    /// <summary>When it may be exported.</summary>
    public DateTimeOffset DueAt { get; init; }

    /// <summary>When it came.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it changed last.</summary>
    public DateTimeOffset UpdatedAt { get; init; }

    /// <summary>When it was exported; null before that.</summary>
    public DateTimeOffset? ExportedAt { get; init; }

    /// <summary>Since when it has been put off because somebody was busy; null where it is not.</summary>
    public DateTimeOffset? BusySince { get; init; }
}
