namespace AssetCompute.Emulator.Rendering;

/// <summary>A failed rendition, with the <c>errorReason</c> and <c>errorMessage</c> of its event.</summary>
internal sealed class RenderFailure(string reason, string message) : Exception(message)
{
    public string Reason => reason;

    public static RenderFailure Generic(string message) => new("GenericError", message);

    public static RenderFailure SourceCorrupt(string message) => new("SourceCorrupt", message);

    public static RenderFailure SourceUnsupported(string message) => new("SourceUnsupported", message);

    public static RenderFailure FormatUnsupported(string message) => new("RenditionFormatUnsupported", message);

    public static RenderFailure OverLimits(string message) => SourceUnsupported($"The source needs more than the emulator's limits allow: {message}");
}
