using System.Text.Json.Serialization;

namespace AssetCompute.Client;

/// <summary>A picture that is drawn once over the center of a rendition.</summary>
/// <remarks>Source: "Watermark-specific fields" of the API page.</remarks>
public sealed record Watermark : ExtensibleModel
{
    /// <summary>The picture: an https URL, usually pre-signed, or a <c>data:</c> URI. The API page requires a PNG.</summary>
    [JsonPropertyName("image")]
    public required string Image { get; init => field = value ?? ""; } // Null where an event leaves it out.

    /// <summary>The scale of the picture, 0.0 to 1.0. The service treats 0.0 as the default. Default: chosen by the service, 1.0.</summary>
    /// <remarks>
    /// The API page says that 1.0 is the picture's own size. Adobe's worker fits the picture into the rendition and scales the result, so
    /// there 1.0 fills the rendition.
    /// </remarks>
    [JsonPropertyName("scale")]
    public double? Scale { get; init; }

    private protected override string Describe() => FormattableString.Invariant($"{nameof(Watermark)} {{ Image = {RedactedUrl.Of(Image)}, Scale = {Scale} }}");
}
