namespace AssetCompute.Client.Storage;

/// <summary>One line of the state file.</summary>
internal sealed class RenderStateEntry
{
    /// <summary>The full path of the output.</summary>
    public required string Output { get; init; }

    /// <summary>The hash of the source's path, size and time, and of the instructions.</summary>
    public required string Instructions { get; init; }

    /// <summary>When the file was written that was there before, in ticks; 0 where there was none.</summary>
    public required long Before { get; init; }
}
