using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace AssetCompute.Client;

/// <summary>
/// One rendition: what to make of the source, and where to put it.
/// </summary>
/// <remarks>
/// Source: "Rendition instructions" of the API page. Values are checked when the request is sent, and an error names the property's path,
/// such as <c>Renditions[2].Quality</c>.
/// </remarks>
[JsonConverter(typeof(RenditionJsonConverter))]
public sealed record Rendition
{
    private readonly DeferredJsonObject? _userData;

    /// <summary>The name of the rendition, such as <c>cq5dam.web.1280.1280.jpeg</c>: for the caller's own use. Default: none.</summary>
    public string? Name { get; init; }

    /// <summary>The format to make: <c>fmt</c> on the wire. Default: none, which only a custom worker can understand.</summary>
    public RenditionFormat? Format { get; init; }

    /// <summary>The https URL of a custom application that makes the rendition instead of the service. Default: none.</summary>
    public Uri? Worker { get; init; }

    /// <summary>The pre-signed URL, or the URLs of the parts, that the rendition is uploaded to with HTTP PUT. Default: none.</summary>
    public RenditionTarget? Target { get; init; }

    /// <summary>
    /// The caller's own data, echoed as it is in the rendition's event. Default: none. The key <c>assetComputeClient</c> is reserved:
    /// clients of the service recognise their renditions by it.
    /// </summary>
    public JsonObject? UserData
    {
        get => _userData?.Value;
        init => _userData = DeferredJsonObject.Of(value);
    }

    /// <summary>
    /// A rendition of at most this many bytes comes inside its event and is not uploaded; 1 to 32,768. Default: none, nothing is embedded.
    /// </summary>
    /// <remarks>Adobe's worker embeds nothing at all when the value is over 32,768, so that is refused here.</remarks>
    public int? EmbedBinaryLimit { get; init; }

    /// <summary>The greatest width in pixels; the aspect is kept and nothing is enlarged. Default: as <see cref="Height"/> or the source demand.</summary>
    public int? Width { get; init; }

    /// <summary>The greatest height in pixels; the aspect is kept and nothing is enlarged. Default: as <see cref="Width"/> or the source demand.</summary>
    public int? Height { get; init; }

    /// <summary>The quality of a JPEG, 1 to 100. Default: the service's own.</summary>
    public int? Quality { get; init; }

    /// <summary>XMP metadata to write back into the rendition, base64-encoded. Default: none.</summary>
    public string? Xmp { get; init; }

    /// <summary>True for an interlaced PNG or GIF, or a progressive JPEG. Default: the service's own, false.</summary>
    public bool? Interlace { get; init; }

    /// <summary>The approximate size of a JPEG in bytes; it overrides <see cref="Quality"/>. Default: none.</summary>
    public long? JpegSize { get; init; }

    /// <summary>The resolution written into the file, in dots per inch; the pixels stay as they are. Default: the source's.</summary>
    public Dpi? Dpi { get; init; }

    /// <summary>The resolution to resample to, in dots per inch; the physical size stays as it is, the pixels change. Default: none.</summary>
    public Dpi? ConvertToDpi { get; init; }

    /// <summary>The files of an archive, for <see cref="RenditionFormat.Zip"/>. Default: none.</summary>
    public IReadOnlyList<ArchiveFile>? Files { get; init; }

    /// <summary>What to do with files of the same path in an archive. Default: they are an error.</summary>
    public DuplicateHandling? Duplicate { get; init; }

    /// <summary>A picture drawn over the rendition. Default: none.</summary>
    public Watermark? Watermark { get; init; }

    /// <summary>The part of the source to take, in the source's pixels, before it is resized. Default: all.</summary>
    public Crop? Crop { get; init; }

    /// <summary>Every other field, as it is on the wire: what a custom worker or a newer service understands. Default: none.</summary>
    public JsonObject? CustomFields { get; init; }

    internal DeferredJsonObject? DeferredUserData
    {
        init => _userData = value;
    }

    /// <summary>A text for logs: name, format, and target without its signature.</summary>
    public override string ToString() => $"{nameof(Rendition)} {{ Name = {Name}, Format = {Format}, Target = {Target} }}";
}
