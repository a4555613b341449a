namespace AssetCompute.Client;

/// <summary>The progress of many files.</summary>
public sealed record RenderManyProgress
{
    /// <summary>The path of the source that the report is about.</summary>
    public required string Path { get; init; }

    /// <summary>What is being done for this file; null where it has just finished.</summary>
    public RenderProgress? File { get; init; }

    /// <summary>How many files are to be sent. Finished ones, and those over <see cref="RenderManyOptions.MaxAssets"/>, do not count.</summary>
    public required int Total { get; init; }

    /// <summary>How many files have all their renditions.</summary>
    public required int Succeeded { get; init; }

    /// <summary>How many files failed, or lack a rendition.</summary>
    public required int Failed { get; init; }

    /// <summary>The part of the whole that is done, 0 to 1.</summary>
    public required double Fraction { get; init; }
}
