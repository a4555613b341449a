namespace AssetCompute.Client;

/// <summary>The progress of a file that is rendered.</summary>
public sealed record RenderProgress
{
    /// <summary>What is being done.</summary>
    public required RenderStage Stage { get; init; }

    /// <summary>The path of the rendition's file; null while the source is uploaded and the service is waited for.</summary>
    public string? Path { get; init; }

    /// <summary>How many bytes were transferred so far. For <see cref="RenderStage.Rendered"/> the size of the rendition, or 0 where it is not known.</summary>
    public long Bytes { get; init; }

    /// <summary>How many bytes there are; null where that is not known.</summary>
    public long? TotalBytes { get; init; }

    /// <summary>The event of the rendition; null where none has come.</summary>
    public RenditionEvent? Event { get; init; }

    /// <summary>Why the rendition failed, where the service did not fail it; null otherwise.</summary>
    public Exception? Error { get; init; }

    /// <summary>The part of the source and its renditions that is done, 0 to 1. The upload counts as much as the making or the download of one rendition.</summary>
    public double Fraction { get; init; }
}
