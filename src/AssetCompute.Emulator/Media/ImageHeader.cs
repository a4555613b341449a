using System.Buffers.Binary;
using System.Text;
using System.Xml;

namespace AssetCompute.Emulator;

/// <summary>
/// The information in the first bytes of an image file. The emulator parses them itself and never lets ImageMagick guess, so that a file with a false claim
/// cannot choose the code that reads it.
/// </summary>
/// <param name="MediaType">The media type.</param>
/// <param name="Coder">ImageMagick's name for the format.</param>
/// <param name="Width">The stored width in pixels, or 0 if the header does not contain it.</param>
/// <param name="Height">The stored height in pixels, or 0 if the header does not contain it.</param>
/// <param name="Orientation">The EXIF/TIFF orientation, 1 to 8; 1 when there is none.</param>
internal sealed record ImageHeader(string MediaType, string Coder, int Width, int Height, int Orientation = 1)
{
    /// <summary>The maximum number of bytes to read. The frame of a JPEG may follow megabytes of embedded metadata.</summary>
    private const int MostBytes = 16 << 20;

    /// <summary>The maximum number of bytes before the root element of an SVG.</summary>
    private const int MaxPrologBytes = 1 << 20;

    /// <summary>The displayed width. Orientations 5 to 8 swap width and height.</summary>
    public int SeenWidth => Orientation >= 5 ? Height : Width;

    /// <summary>The displayed height.</summary>
    public int SeenHeight => Orientation >= 5 ? Width : Height;

    public static async Task<ImageHeader?> ReadAsync(string path, CancellationToken cancellationToken)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1, useAsync: true);
        return await ReadAsync(file, cancellationToken).ConfigureAwait(false);
    }

    public static async Task<ImageHeader?> ReadAsync(Stream file, CancellationToken cancellationToken)
    {
        var bytes = new byte[Math.Min(file.Length, MostBytes)];
        var read = await file.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
        return Read(bytes.AsSpan(0, read));
    }

    public static ImageHeader? Read(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return bytes switch
            {
                [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A, ..] => Png(bytes),
                [0xFF, 0xD8, 0xFF, ..] => Jpeg(bytes),
                [(byte)'G', (byte)'I', (byte)'F', (byte)'8', (byte)'7' or (byte)'9', (byte)'a', ..] =>
                    new("image/gif", "gif", BinaryPrimitives.ReadUInt16LittleEndian(bytes[6..]), BinaryPrimitives.ReadUInt16LittleEndian(bytes[8..])),
                [(byte)'I', (byte)'I', 42, 0, ..] or [(byte)'M', (byte)'M', 0, 42, ..] => Tiff(bytes),
                [(byte)'R', (byte)'I', (byte)'F', (byte)'F', _, _, _, _, (byte)'W', (byte)'E', (byte)'B', (byte)'P', ..] => WebP(bytes),
                [(byte)'B', (byte)'M', _, _, _, _, 0, 0, 0, 0, ..] =>
                    new("image/bmp", "bmp", Math.Abs(BinaryPrimitives.ReadInt32LittleEndian(bytes[18..])), Math.Abs(BinaryPrimitives.ReadInt32LittleEndian(bytes[22..]))),
                [(byte)'8', (byte)'B', (byte)'P', (byte)'S', 0, 1, ..] =>
                    new("image/vnd.adobe.photoshop", "psd", BinaryPrimitives.ReadInt32BigEndian(bytes[18..]), BinaryPrimitives.ReadInt32BigEndian(bytes[14..])),
                [(byte)'%', (byte)'P', (byte)'D', (byte)'F', (byte)'-', ..] => new("application/pdf", "pdf", 0, 0),
                [0x01, 0xDA, 0 or 1, 1 or 2, ..] =>
                    new("image/sgi", "sgi", BinaryPrimitives.ReadUInt16BigEndian(bytes[6..]), BinaryPrimitives.ReadUInt16BigEndian(bytes[8..])),
                _ => IsSvg(bytes) ? new("image/svg+xml", "svg", 0, 0) : null,
            };
        }
        catch (Exception exception) when (exception is ArgumentOutOfRangeException or IndexOutOfRangeException or OverflowException)
        {
            // The file ends inside its own header.
            return null;
        }
    }

    private static ImageHeader? Png(ReadOnlySpan<byte> bytes) =>
        bytes.Slice(12, 4).SequenceEqual("IHDR"u8)
            ? new("image/png", "png", BinaryPrimitives.ReadInt32BigEndian(bytes[16..]), BinaryPrimitives.ReadInt32BigEndian(bytes[20..]))
            : null;

    private static ImageHeader? Jpeg(ReadOnlySpan<byte> bytes)
    {
        var orientation = 1;
        var at = 2;
        while (at + 4 <= bytes.Length)
        {
            if (bytes[at] != 0xFF)
            {
                return null;
            }

            var marker = bytes[at + 1];
            if (marker is 0xFF or 0x01 or (>= 0xD0 and <= 0xD8))
            {
                at += marker == 0xFF ? 1 : 2;
                continue;
            }

            var length = BinaryPrimitives.ReadUInt16BigEndian(bytes[(at + 2)..]);
            if (marker is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC))
            {
                return new("image/jpeg", "jpeg", BinaryPrimitives.ReadUInt16BigEndian(bytes[(at + 7)..]),
                    BinaryPrimitives.ReadUInt16BigEndian(bytes[(at + 5)..]), orientation);
            }

            if (marker == 0xE1 && bytes[(at + 4)..].StartsWith("Exif\0\0"u8))
            {
                orientation = OrientationOf(bytes.Slice(at + 10, length - 8));
            }

            at += 2 + length;
        }

        return null;
    }

    /// <summary>Returns the orientation. Cameras and editors write invalid EXIF, which doesn't affect the image.</summary>
    private static int OrientationOf(ReadOnlySpan<byte> exif)
    {
        try
        {
            return Directory(exif).Orientation;
        }
        catch (Exception exception) when (exception is ArgumentOutOfRangeException or IndexOutOfRangeException or OverflowException)
        {
            return 1;
        }
    }

    private static ImageHeader? Tiff(ReadOnlySpan<byte> bytes)
    {
        var (width, height, orientation) = Directory(bytes);
        return new("image/tiff", "tiff", width, height, orientation);
    }

    /// <summary>Reads the first image file directory of a TIFF, or of the TIFF inside an EXIF block.</summary>
    private static (int Width, int Height, int Orientation) Directory(ReadOnlySpan<byte> tiff)
    {
        var little = tiff[0] == 'I';
        int width = 0, height = 0, orientation = 1;
        var at = checked((int)ReadUInt32(tiff[4..], little));
        if (at + 2 > tiff.Length)
        {
            // The directory is beyond the bytes that were read. ImageMagick will find it.
            return (0, 0, 1);
        }

        var entries = ReadUInt16(tiff[at..], little);
        for (var i = 0; i < entries && at + 2 + (i + 1) * 12 <= tiff.Length; i++)
        {
            var entry = tiff.Slice(at + 2 + i * 12, 12);
            var isShort = ReadUInt16(entry[2..], little) == 3;
            var value = isShort ? ReadUInt16(entry[8..], little) : checked((int)ReadUInt32(entry[8..], little));
            switch (ReadUInt16(entry, little))
            {
                case 256:
                    width = value;
                    break;
                case 257:
                    height = value;
                    break;
                case 274 when value is >= 1 and <= 8:
                    orientation = value;
                    break;
            }
        }

        return (width, height, orientation);
    }

    private static ImageHeader? WebP(ReadOnlySpan<byte> bytes)
    {
        var data = bytes[20..];
        var (width, height) = Encoding.ASCII.GetString(bytes.Slice(12, 4)) switch
        {
            "VP8 " => (BinaryPrimitives.ReadUInt16LittleEndian(data[6..]) & 0x3FFF, BinaryPrimitives.ReadUInt16LittleEndian(data[8..]) & 0x3FFF),
            "VP8L" when BinaryPrimitives.ReadUInt32LittleEndian(data[1..]) is var bits => ((int)(bits & 0x3FFF) + 1, (int)((bits >> 14) & 0x3FFF) + 1),
            "VP8X" => (1 + (data[4] | (data[5] << 8) | (data[6] << 16)), 1 + (data[7] | (data[8] << 8) | (data[9] << 16))),
            _ => (0, 0),
        };
        return width > 0 ? new("image/webp", "webp", width, height) : null;
    }

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
        using var reader = XmlReader.Create(new MemoryStream(bytes[..Math.Min(bytes.Length, MaxPrologBytes)].ToArray()), settings);
        try
        {
            return reader.MoveToContent() == XmlNodeType.Element && reader.LocalName == "svg";
        }
        catch (XmlException)
        {
            return false;
        }
    }

    private static ushort ReadUInt16(ReadOnlySpan<byte> bytes, bool little) =>
        little ? BinaryPrimitives.ReadUInt16LittleEndian(bytes) : BinaryPrimitives.ReadUInt16BigEndian(bytes);

    private static uint ReadUInt32(ReadOnlySpan<byte> bytes, bool little) =>
        little ? BinaryPrimitives.ReadUInt32LittleEndian(bytes) : BinaryPrimitives.ReadUInt32BigEndian(bytes);
}
