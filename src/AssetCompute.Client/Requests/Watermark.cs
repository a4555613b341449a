using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace AssetCompute.Client;

/// <summary>
/// A picture drawn once over the centre of a rendition.
/// </summary>
/// <remarks>Source: "Watermark-specific fields" of the API page.</remarks>
[JsonConverter(typeof(WatermarkJsonConverter))]
public sealed record Watermark
{
    /// <summary>The picture: an https URL, usually pre-signed, or a <c>data:</c> URI. The API page asks for a PNG.</summary>
    public required string Image { get; init; }

    /// <summary>The scale of the picture, 0.0 to 1.0, where 0.0 is taken for the default. Default: the service's own, 1.0.</summary>
    /// <remarks>
    /// The API page says that 1.0 is the picture's own size; Adobe's worker fits the picture into the rendition's box and scales that, so
    /// there 1.0 fills the box.
    /// </remarks>
    public double? Scale { get; init; }

    /// <summary>Every other field, as it is on the wire. Default: none.</summary>
    public JsonObject? CustomFields { get; init; }

    /// <summary>A text for logs: the picture's URL without its query string, and the scale.</summary>
    public override string ToString() => $"{nameof(Watermark)} {{ Image = {RedactedUrl.Of(Image)}, Scale = {Scale} }}";
}
