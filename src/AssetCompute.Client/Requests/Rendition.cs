using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace AssetCompute.Client;

/// <summary>One rendition: its instructions, and where to upload it.</summary>
/// <remarks>
/// Source: "Rendition instructions" of the API page. Values are checked when the request is sent; an error names the property's path,
/// such as <c>Renditions[2].Quality</c>.
/// </remarks>
public sealed record Rendition : ExtensibleModel
{
    /// <summary>The name of the rendition, such as <c>cq5dam.web.1280.1280.jpeg</c>, for the caller's own use. Default: none.</summary>
    [JsonPropertyName("name")]
    public string? Name { get; init; }

    /// <summary>The format to create: <c>fmt</c> on the wire. Default: none, which only a custom worker supports.</summary>
    [JsonPropertyName("fmt")]
    public RenditionFormat? Format { get; init; }

    /// <summary>The https URL of a custom application that creates the rendition instead of the service. It is sent unchanged. Default: none.</summary>
    [JsonPropertyName("worker")]
    public Uri? Worker { get; init; }

    /// <summary>The pre-signed URL, or the URLs of the parts, that the service uploads the rendition to with HTTP PUT. Required.</summary>
    [JsonPropertyName("target")]
    [JsonConverter(typeof(RenditionTarget.Converter))]
    public RenditionTarget? Target { get; init; }

    /// <summary>
    /// The caller's own data, returned unchanged in the rendition's event. Default: none. The key <c>assetComputeClient</c> is reserved:
    /// clients of the service recognize their renditions by it.
    /// </summary>
    [JsonPropertyName("userData")]
    public JsonObject? UserData { get; init; }

    /// <summary>
    /// The maximum size of a rendition, in bytes, that is embedded in its event instead of uploaded; 1 to 32,768. Default: none, nothing is embedded.
    /// </summary>
    /// <remarks>Adobe's worker embeds nothing when the value is greater than 32,768, so a greater value is an error here.</remarks>
    [JsonPropertyName("embedBinaryLimit")]
    public int? EmbedBinaryLimit { get; init; }

    /// <summary>The maximum width in pixels. The aspect ratio is kept and nothing is enlarged. Default: follows from <see cref="Height"/> or the source.</summary>
    [JsonPropertyName("width")]
    public int? Width { get; init; }

    /// <summary>The maximum height in pixels. The aspect ratio is kept and nothing is enlarged. Default: follows from <see cref="Width"/> or the source.</summary>
    [JsonPropertyName("height")]
    public int? Height { get; init; }

    /// <summary>The quality of a JPEG, 1 to 100. Has no effect on a PNG, which is compressed without loss. Default: chosen by the service.</summary>
    [JsonPropertyName("quality")]
    public int? Quality { get; init; }

    /// <summary>XMP metadata to write into the rendition, base64-encoded. Default: none.</summary>
    [JsonPropertyName("xmp")]
    public string? Xmp { get; init; }

    /// <summary>True for an interlaced PNG or GIF, or a progressive JPEG. Default: chosen by the service, false.</summary>
    [JsonPropertyName("interlace")]
    public bool? Interlace { get; init; }

    /// <summary>The approximate size of a JPEG, in bytes; overrides <see cref="Quality"/>. Default: none.</summary>
    [JsonPropertyName("jpegSize")]
    public long? JpegSize { get; init; }

    /// <summary>The resolution that is written into the file, in dots per inch. The pixels do not change. Default: the resolution of the source.</summary>
    [JsonPropertyName("dpi")]
    public Dpi? Dpi { get; init; }

    /// <summary>The resolution to resample to, in dots per inch. The pixels change, the physical size does not. Default: none.</summary>
    [JsonPropertyName("convertToDpi")]
    public Dpi? ConvertToDpi { get; init; }

    /// <summary>The files of an archive, for <see cref="RenditionFormat.Zip"/>. Default: none.</summary>
    [JsonPropertyName("files")]
    [JsonConverter(typeof(ArchiveFile.ListConverter))]
    public IReadOnlyList<ArchiveFile>? Files { get; init; }

    /// <summary>
    /// What to do with several files with the same path in an archive: <c>ignore</c>, the only value on the API page, stores the first one. Default: they are
    /// an error.
    /// </summary>
    [JsonPropertyName("duplicate")]
    public string? Duplicate { get; init; }

    /// <summary>A picture that is drawn over the rendition. Default: none.</summary>
    [JsonPropertyName("watermark")]
    public Watermark? Watermark { get; init; }

    /// <summary>The part of the source to use, in pixels of the source, before resizing. Default: the whole source.</summary>
    [JsonPropertyName("crop")]
    public Crop? Crop { get; init; }

    private protected override string Describe() => $"{nameof(Rendition)} {{ Name = {Name}, Format = {Format}, Target = {Target} }}";
}
