using System.Text.Json.Serialization;

namespace AssetCompute.Client;

/// <summary>The file information that the service reports for a rendition.</summary>
/// <remarks>
/// Source: "Metadata" of the API page. Pixels are read under the names of the page (<c>tiff:ImageWidth</c>, <c>tiff:ImageLength</c>) and
/// under those of Adobe's worker (<c>tiff:imageWidth</c>, <c>tiff:imageHeight</c>).
/// </remarks>
public sealed record RenditionMetadata : ExtensibleModel
{
    /// <summary>The size in bytes; null if it is unknown.</summary>
    [JsonPropertyName("repo:size")]
    public long? Size { get; init; }

    /// <summary>The SHA-1 of the file, in hexadecimal digits; null if it is unknown.</summary>
    [JsonPropertyName("repo:sha1")]
    public string? Sha1 { get; init; }

    /// <summary>The MIME type, such as <c>image/png</c>; null if it is unknown.</summary>
    [JsonPropertyName("dc:format")]
    public string? Format { get; init; }

    /// <summary>The character encoding of a text, such as <c>utf-8</c>; null otherwise.</summary>
    [JsonPropertyName("repo:encoding")]
    public string? Encoding { get; init; }

    /// <summary>The width in pixels; null if the rendition is not an image.</summary>
    [JsonPropertyName("tiff:imageWidth")]
    public int? ImageWidth { get; init; }

    /// <summary>The height in pixels; null if the rendition is not an image.</summary>
    [JsonPropertyName("tiff:imageHeight")]
    public int? ImageHeight { get; init; }

    // Other spellings. The serializer also calls an init accessor for a missing field, with null.
    [JsonInclude]
    [JsonPropertyName("tiff:ImageWidth")]
    internal int? ImageWidthOnApiPage { get => null; init => ImageWidth = value ?? ImageWidth; }

    [JsonInclude]
    [JsonPropertyName("tiff:ImageHeight")]
    internal int? ImageHeightCapitalized { get => null; init => ImageHeight = value ?? ImageHeight; }

    [JsonInclude]
    [JsonPropertyName("tiff:ImageLength")]
    internal int? ImageLengthOnApiPage { get => null; init => ImageHeight = value ?? ImageHeight; }

    [JsonInclude]
    [JsonPropertyName("tiff:imageLength")]
    internal int? ImageLength { get => null; init => ImageHeight = value ?? ImageHeight; }

    private protected override string Describe() =>
        FormattableString.Invariant($"{nameof(RenditionMetadata)} {{ Size = {Size}, Sha1 = {Sha1}, Format = {Format}, Encoding = {Encoding}, ImageWidth = {ImageWidth}, ImageHeight = {ImageHeight} }}");
}
