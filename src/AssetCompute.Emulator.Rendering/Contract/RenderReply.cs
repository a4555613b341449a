namespace AssetCompute.Emulator.Rendering;

/// <summary>The answer to a <see cref="RenderRequest"/>: one line of JSON. Without a reason the output is written.</summary>
/// <param name="Reason">The <c>errorReason</c> of the failed rendition.</param>
/// <param name="Message">The <c>errorMessage</c> of the failed rendition.</param>
internal sealed record RenderReply(string? Reason = null, string? Message = null)
{
    /// <summary>What is embedded in the input, if that was asked for.</summary>
    public IReadOnlyList<MetadataEntry>? Metadata { get; init; }
}
