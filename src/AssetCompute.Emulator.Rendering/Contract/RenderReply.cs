namespace AssetCompute.Emulator.Rendering;

/// <summary>The reply to a <see cref="RenderRequest"/>, as one line of JSON. If there is no reason, the output was written.</summary>
/// <param name="Reason">The <c>errorReason</c> of the failed rendition.</param>
/// <param name="Message">The <c>errorMessage</c> of the failed rendition.</param>
internal sealed record RenderReply(string? Reason = null, string? Message = null)
{
    /// <summary>The metadata embedded in the input, if it was requested.</summary>
    public IReadOnlyList<MetadataEntry>? Metadata { get; init; }
}
