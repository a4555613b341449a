namespace AssetCompute.Client;

/// <summary>The progress of a file, and of the call that it belongs to.</summary>
public sealed record RenderProgress
{
    /// <summary>The path or the name of the source.</summary>
    public required string Source { get; init; }

    /// <summary>The current step.</summary>
    public required RenderStage Stage { get; init; }

    /// <summary>
    /// The path of the rendition's file; null during the upload, while waiting for the service, and when one of many files has just finished
    /// (<see cref="RenderStage.Completed"/> if all its renditions were written, else <see cref="RenderStage.Failed"/>).
    /// </summary>
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

    /// <summary>The number of files to send in this call, without finished files and those over <see cref="RenderManyOptions.MaxAssets"/>.</summary>
    public int Files { get; init; } = 1;

    /// <summary>The number of finished files with all their renditions; 0 in a call for one file.</summary>
    public int SucceededFiles { get; init; }

    /// <summary>The number of finished files that failed or lack a rendition; 0 in a call for one file.</summary>
    public int FailedFiles { get; init; }

    /// <summary>The completed fraction of all files in this call, 0 to 1.</summary>
    public double OverallFraction { get; init; }
}
