namespace AssetCompute.Emulator.Rendering;

/// <summary>A failed rendition, with the <c>errorReason</c> and <c>errorMessage</c> of its event.</summary>
internal sealed class RenditionFailure(string reason, string message, Exception? cause = null) : Exception(message, cause)
{
    public string Reason => reason;

    /// <summary>How long the rendition was processed before it timed out.</summary>
    public TimeSpan? Duration { get; init; }

    /// <summary>The size of the rendition in bytes, if it was too large.</summary>
    public long? Size { get; init; }

    public static RenditionFailure Generic(string message, Exception? cause = null) => new("GenericError", message, cause);

    public static RenditionFailure SourceCorrupt(string message) => new("SourceCorrupt", message);

    public static RenditionFailure SourceUnsupported(string message) => new("SourceUnsupported", message);

    public static RenditionFailure OverLimits(string message) => SourceUnsupported($"The source needs more than the emulator's limits allow: {message}");

    public static RenditionFailure FormatUnsupported(string message) => new("RenditionFormatUnsupported", message);

    public static RenditionFailure TimedOut(string format, TimeSpan limit, TimeSpan duration) =>
        new("GenericError", $"Processing timed out for rendition fmt='{format}' without result after {limit.TotalSeconds:0.###} seconds.") { Duration = duration };

    public static RenditionFailure TooLarge(string fileName, long size) =>
        new("RenditionTooLarge", $"rendition size of {size} for {fileName} is too large") { Size = size };
}
