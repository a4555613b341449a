namespace AssetCompute.Emulator.Rendering;

/// <summary>The rendition cannot be made.</summary>
/// <param name="reason">One of Adobe's reasons, for <c>errorReason</c>.</param>
/// <param name="message">What is wrong.</param>
internal sealed class RenderFailure(string reason, string message) : Exception(message)
{
    public string Reason => reason;

    public static RenderFailure Generic(string message) => new("GenericError", message);

    public static RenderFailure SourceCorrupt(string message) => new("SourceCorrupt", message);

    public static RenderFailure SourceUnsupported(string message) => new("SourceUnsupported", message);

    public static RenderFailure FormatUnsupported(string message) => new("RenditionFormatUnsupported", message);

    public static RenderFailure OverLimits(string message) => SourceUnsupported($"The source needs more than the emulator's limits allow: {message}");
}
