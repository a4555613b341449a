namespace AssetCompute.Client;

/// <summary>How many files are rendered.</summary>
public sealed class RenderManyOptions
{
    /// <summary>How each file is rendered. Its <see cref="RenderOptions.Progress"/> is told of all files. Default: the defaults.</summary>
    public RenderOptions Render { get; set; } = new();

    /// <summary>How many files are rendered at a time; 1 to 256. Default: 4.</summary>
    public int MaxParallel { get; set; } = 4;

    /// <summary>Whether finished outputs are left out. Default: true.</summary>
    /// <remarks>
    /// An output is finished where it exists and was made of the same source (path, size and time of its last change) with the same instructions, by the state file. One that the state file does not know is
    /// finished where it is not older than its source.
    /// </remarks>
    public bool SkipExisting { get; set; } = true;

    /// <summary>The maximum number of source files to send; over 0. Adobe bills each asset. The files over it are left for the next call. Default: no limit.</summary>
    public int? MaxAssets { get; set; }

    /// <summary>
    /// The file that remembers which output was made with which instructions. One run at a time can use it. Default: <c>.asset-compute-state</c> in the deepest folder that contains every output; set it
    /// where the files differ from call to call.
    /// </summary>
    public string? StateFile { get; set; }

    /// <summary>The progress of the whole. Called by several files at once. Default: none.</summary>
    public IProgress<RenderManyProgress>? Progress { get; set; }

    internal void Validate(string parameter)
    {
        ArgumentNullException.ThrowIfNull(Render, parameter);
        Render.Validate(parameter);
        RenderOptions.Require(parameter, MaxParallel is >= 1 and <= 256, nameof(MaxParallel), MaxParallel, "1 to 256", nameof(RenderManyOptions));
        RenderOptions.Require(parameter, !(MaxAssets <= 0), nameof(MaxAssets), MaxAssets, "over 0", nameof(RenderManyOptions));
    }
}
