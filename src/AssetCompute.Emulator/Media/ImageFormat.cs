using System.Xml;

namespace AssetCompute.Emulator;

/// <summary>
/// A format of sources that is recognized by the first bytes of a file. The emulator never lets ImageMagick guess, so that a file with a false claim cannot
/// choose the code that reads it.
/// </summary>
/// <param name="MediaType">The media type.</param>
/// <param name="Coder">ImageMagick's name for the format.</param>
internal sealed record ImageFormat(string MediaType, string Coder)
{
    /// <summary>The maximum number of bytes before the root element of an SVG.</summary>
    private const int MaxPrologBytes = 1 << 20;

    /// <summary>Whether a file has a size in pixels.</summary>
    public bool HasPixels => Coder is not ("pdf" or "svg");

    public static async Task<ImageFormat?> ReadAsync(string path, CancellationToken cancellationToken)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1, useAsync: true);
        var bytes = new byte[Math.Min(file.Length, MaxPrologBytes)];
        await file.ReadExactlyAsync(bytes, cancellationToken).ConfigureAwait(false);
        return Of(bytes);
    }

    private static ImageFormat? Of(ReadOnlySpan<byte> bytes) => bytes switch
    {
        [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A, ..] => new("image/png", "png"),
        [0xFF, 0xD8, 0xFF, ..] => new("image/jpeg", "jpeg"),
        [(byte)'G', (byte)'I', (byte)'F', (byte)'8', (byte)'7' or (byte)'9', (byte)'a', ..] => new("image/gif", "gif"),
        [(byte)'I', (byte)'I', 42, 0, ..] or [(byte)'M', (byte)'M', 0, 42, ..] => new("image/tiff", "tiff"),
        [(byte)'R', (byte)'I', (byte)'F', (byte)'F', _, _, _, _, (byte)'W', (byte)'E', (byte)'B', (byte)'P', ..] => new("image/webp", "webp"),
        [(byte)'B', (byte)'M', _, _, _, _, 0, 0, 0, 0, ..] => new("image/bmp", "bmp"),
        [(byte)'8', (byte)'B', (byte)'P', (byte)'S', 0, 1, ..] => new("image/vnd.adobe.photoshop", "psd"),
        [(byte)'%', (byte)'P', (byte)'D', (byte)'F', (byte)'-', ..] => new("application/pdf", "pdf"),
        [0x01, 0xDA, 0 or 1, 1 or 2, ..] => new("image/sgi", "sgi"),
        _ => IsSvg(bytes) ? new("image/svg+xml", "svg") : null,
    };

    /// <summary>Whether the root element is SVG. White space, comments and a document type with its own entities may precede it.</summary>
    private static bool IsSvg(ReadOnlySpan<byte> bytes)
    {
        // Editors write white space even before the XML declaration, where XML allows none, and after a byte order mark.
        bytes = bytes.TrimStart(" \r\n\t"u8).TrimStart("\uFEFF"u8).TrimStart(" \r\n\t"u8);
        if (bytes is not [(byte)'<' or 0xFE or 0xFF, ..])
        {
            return false;
        }

        var settings = new XmlReaderSettings { DtdProcessing = DtdProcessing.Parse, XmlResolver = null, MaxCharactersFromEntities = MaxPrologBytes };
        using var reader = XmlReader.Create(new MemoryStream(bytes.ToArray()), settings);
        try
        {
            return reader.MoveToContent() == XmlNodeType.Element && reader.LocalName == "svg";
        }
        catch (XmlException)
        {
            return false;
        }
    }
}
