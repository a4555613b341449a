namespace AssetCompute.Client;

/// <summary>The progress of many files.</summary>
public sealed record RenderManyProgress
{
    /// <summary>The path of the source that the report is about.</summary>
    public required string Path { get; init; }

    /// <summary>The current step of this file; null if it has just finished.</summary>
    public RenderProgress? File { get; init; }

    /// <summary>The number of files to send, without finished files and those over <see cref="RenderManyOptions.MaxAssets"/>.</summary>
    public required int Total { get; init; }

    /// <summary>The number of files with all their renditions.</summary>
    public required int Succeeded { get; init; }

    /// <summary>The number of files that failed or lack a rendition.</summary>
    public required int Failed { get; init; }

    /// <summary>The completed fraction of the whole, 0 to 1.</summary>
    public required double Fraction { get; init; }
}
