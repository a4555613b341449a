using System.Text.Json.Serialization;

namespace AssetCompute.Client;

/// <summary>The format of a rendition: <c>fmt</c> on the wire. An open set: any name can be used; well-known formats have a member.</summary>
/// <remarks>The names are those of the API page and of the source of Adobe's worker SDK; no page gives a complete list.</remarks>
[JsonConverter(typeof(Converter))]
public readonly record struct RenditionFormat
{
    internal RenditionFormat(string value)
    {
        ArgumentException.ThrowIfNullOrEmpty(value);
        Value = value;
    }

    /// <summary>PNG image.</summary>
    public static RenditionFormat Png { get; } = new("png");

    /// <summary>JPEG image.</summary>
    public static RenditionFormat Jpg { get; } = new("jpg");

    /// <summary>GIF image.</summary>
    public static RenditionFormat Gif { get; } = new("gif");

    /// <summary>TIFF image.</summary>
    public static RenditionFormat Tif { get; } = new("tif");

    /// <summary>WebP image.</summary>
    public static RenditionFormat WebP { get; } = new("webp");

    /// <summary>The text of a document.</summary>
    public static RenditionFormat Text { get; } = new("text");

    /// <summary>The XMP metadata, as XML.</summary>
    public static RenditionFormat Xmp { get; } = new("xmp");

    /// <summary>An archive of the rendition's files. It needs no source.</summary>
    public static RenditionFormat Zip { get; } = new("zip");

    /// <summary>The name on the wire.</summary>
    public string Value => field ?? "";

    /// <summary>Creates a value from its name on the wire.</summary>
    /// <param name="value">The name, as the service writes it.</param>
    /// <exception cref="ArgumentException"><paramref name="value"/> is null or empty.</exception>
    public static implicit operator RenditionFormat(string value) => new(value);

    /// <summary>Returns the name on the wire.</summary>
    public override string ToString() => Value;

    internal sealed class Converter() : OpenSetJsonConverter<RenditionFormat>(static value => new(value), static value => value.Value);
}
