namespace AssetCompute.Emulator.Rendering;

/// <summary>The reply to a <see cref="RenderRequest"/>, as one line of JSON. If there is no reason, the output was written.</summary>
/// <param name="Reason">The <c>errorReason</c> of the failed rendition.</param>
/// <param name="Message">The <c>errorMessage</c> of the failed rendition.</param>
internal sealed record RenderReply(string? Reason = null, string? Message = null)
{
    /// <summary>The size of the output, or of the input if its metadata was requested.</summary>
    public PixelSize? Size { get; init; }

    /// <summary>The displayed size of the input of a rendition.</summary>
    public PixelSize? SourceSize { get; init; }

    /// <summary>The metadata embedded in the input, if it was requested.</summary>
    public IReadOnlyList<MetadataEntry>? Metadata { get; init; }
}
