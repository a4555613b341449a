namespace AssetCompute.Client;

/// <summary>
/// A rendition was made and uploaded, or came inside the event.
/// </summary>
public sealed record RenditionCreated : RenditionEvent
{
    // One for all: it cannot change, and nearly every event replaces it.
    private static readonly RenditionMetadata s_none = new();

    internal const string TypeName = "rendition_created";

    /// <summary><c>rendition_created</c>.</summary>
    public override string Type { get; init; } = TypeName;

    /// <summary>What is known of the file that was made.</summary>
    public RenditionMetadata Metadata { get; init; } = s_none;

    /// <summary>The rendition itself, where <see cref="Rendition.EmbedBinaryLimit"/> let it travel inside the event; then nothing was uploaded. Otherwise null.</summary>
    public EmbeddedData? Data { get; init; }

    /// <summary>A text for logs: the request, the rendition and what is known of the file.</summary>
    public override string ToString() =>
        $"{nameof(RenditionCreated)} {{ RequestId = {RequestId}, Rendition = {Rendition}, Metadata = {Metadata} }}";
}
