namespace AssetCompute.Client;

/// <summary>The progress of a file.</summary>
public sealed record RenderProgress
{
    /// <summary>The current step.</summary>
    public required RenderStage Stage { get; init; }

    /// <summary>The path of the rendition's file; null during the upload and while waiting for the service.</summary>
    public string? Path { get; init; }

    /// <summary>The number of bytes transferred so far. For <see cref="RenderStage.Rendered"/>, the size of the rendition, or 0 if it is unknown.</summary>
    public long Bytes { get; init; }

    /// <summary>The total number of bytes; null if it is unknown.</summary>
    public long? TotalBytes { get; init; }

    /// <summary>The event of the rendition; null if there is none.</summary>
    public RenditionEvent? Event { get; init; }

    /// <summary>Why the rendition failed, if the service did not report the failure; null otherwise.</summary>
    public Exception? Error { get; init; }

    /// <summary>
    /// The completed fraction of the source and its renditions, 0 to 1. The upload counts as much as the rendering or the download of one rendition.
    /// </summary>
    public double Fraction { get; init; }
}
