namespace AssetCompute.Client;

/// <summary>Options for rendering many files. The inherited options apply to each file.</summary>
public sealed class RenderManyOptions : RenderOptions
{
    /// <summary>The maximum number of files that are rendered at a time; 1 to 256. Default: 4.</summary>
    public int MaxParallel { get; set; } = 4;

    /// <summary>Whether to skip finished outputs. Default: true.</summary>
    /// <remarks>
    /// An output is finished if it exists and, according to the state file, was created from the same source (path, size and last write time) with the same
    /// instructions. An output that is not in the state file is finished if it is not older than its source.
    /// </remarks>
    public bool SkipExisting { get; set; } = true;

    /// <summary>
    /// The maximum number of source files to send; over 0. Adobe bills for each asset. Further files are left for the next call. Default: no limit.
    /// </summary>
    public int? MaxAssets { get; set; }

    /// <summary>
    /// The file that records the instructions of each output. Only one run at a time can use it. Default: <c>.asset-compute-state</c> in the deepest folder
    /// that contains every output. Set it if the files differ from call to call.
    /// </summary>
    public string? StateFile { get; set; }

    internal override void Validate(string parameter)
    {
        base.Validate(parameter);
        Require(parameter, MaxParallel is >= 1 and <= 256, nameof(MaxParallel), MaxParallel, "1 to 256");
        Require(parameter, !(MaxAssets <= 0), nameof(MaxAssets), MaxAssets, "over 0");
    }
}
