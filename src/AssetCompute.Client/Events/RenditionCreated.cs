using System.Text.Json.Serialization;

namespace AssetCompute.Client;

/// <summary>A rendition was created and uploaded, or is embedded in the event.</summary>
public sealed record RenditionCreated : RenditionEvent
{
    internal const string TypeName = "rendition_created";
    private static readonly RenditionMetadata s_none = new();

    /// <summary>The file information that the service reports.</summary>
    [JsonPropertyName("metadata")]
    public RenditionMetadata Metadata { get; init => field = value ?? s_none; } = s_none;

    /// <summary>
    /// The rendition itself, if <see cref="Rendition.EmbedBinaryLimit"/> allowed it to be embedded in the event. Nothing was uploaded then. Otherwise null.
    /// </summary>
    [JsonPropertyName("data")]
    [JsonConverter(typeof(EmbeddedData.Converter))]
    public EmbeddedData? Data { get; init; }

    private protected override string DefaultType => TypeName;

    private protected override string Describe() =>
        $"{nameof(RenditionCreated)} {{ RequestId = {RequestId}, Rendition = {Rendition}, Metadata = {Metadata} }}";
}
