using System.Text.Json.Nodes;

namespace AssetCompute.Client;

/// <summary>
/// What the service says of a rendition's file.
/// </summary>
/// <remarks>
/// Source: "Metadata" of the API page. Pixels are read under the page's names (<c>tiff:ImageWidth</c>, <c>tiff:ImageLength</c>) and
/// under those of Adobe's worker (<c>tiff:imageWidth</c>, <c>tiff:imageHeight</c>).
/// </remarks>
public sealed record RenditionMetadata
{
    /// <summary>The size in bytes; null where it is not known.</summary>
    public long? Size { get; init; }

    /// <summary>The SHA-1 of the file, in hexadecimal digits; null where it is not known.</summary>
    public string? Sha1 { get; init; }

    /// <summary>The MIME type, such as <c>image/png</c>; null where it is not known.</summary>
    public string? Format { get; init; }

    /// <summary>The character encoding of a text, such as <c>utf-8</c>; null otherwise.</summary>
    public string? Encoding { get; init; }

    /// <summary>The width in pixels; null where the rendition is no image.</summary>
    public int? ImageWidth { get; init; }

    /// <summary>The height in pixels; null where the rendition is no image.</summary>
    public int? ImageHeight { get; init; }

    /// <summary>Every other field, as it is on the wire; null where there is none.</summary>
    public JsonObject? CustomFields { get; init; }

    /// <summary>A text for logs: the fields above. The others are as long as the service makes them, and need not even be text.</summary>
    public override string ToString() =>
        FormattableString.Invariant($"{nameof(RenditionMetadata)} {{ Size = {Size}, Sha1 = {Sha1}, Format = {Format}, Encoding = {Encoding}, ImageWidth = {ImageWidth}, ImageHeight = {ImageHeight} }}");
}
