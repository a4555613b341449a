using System.Buffers.Binary;
using System.Text.Json.Nodes;

namespace AssetCompute.Emulator;

/// <summary>Writes XMP into an image without changing its pixels, as a segment of a JPEG or a chunk of a PNG.</summary>
internal static class XmpWriteBack
{
    private const int MostInSegment = 65_502;

    private static ReadOnlySpan<byte> JpegSignature => "http://ns.adobe.com/xap/1.0/\0"u8;

    private static ReadOnlySpan<byte> PngKeyword => "XML:com.adobe.xmp\0\0\0\0\0"u8;

    /// <summary>Returns the packet to write for a rendition, or <see langword="null"/>.</summary>
    public static byte[]? PacketOf(JsonObject instructions)
    {
        if (instructions["xmp"] is not { } node)
        {
            return null;
        }

        var text = node.StringOf() ?? throw RenditionFailure.Generic("'xmp' is not a string.");
        var packet = new byte[text.Length];
        return Convert.TryFromBase64String(text, packet, out var length)
            ? packet[..length]
            : throw RenditionFailure.Generic("'xmp' is not base64.");
    }

    public static byte[] Write(ReadOnlySpan<byte> image, byte[] packet, string mediaType) => mediaType switch
    {
        "image/jpeg" => IntoJpeg(image, packet),
        "image/png" => IntoPng(image, packet),
        _ => throw RenditionFailure.FormatUnsupported($"XMP cannot be written into {mediaType}; JPEG and PNG can hold it."),
    };

    /// <summary>Replaces the packet of a JPEG, behind the segments that must come first.</summary>
    private static byte[] IntoJpeg(ReadOnlySpan<byte> image, byte[] packet)
    {
        if (packet.Length > MostInSegment)
        {
            throw RenditionFailure.Generic($"The XMP has more than {MostInSegment} bytes.");
        }

        List<byte> first = [0xFF, 0xD8];
        List<byte> others = [];
        var at = 2;
        while (at + 4 <= image.Length && image[at] == 0xFF && image[at + 1] is >= 0xE0 and <= 0xEF)
        {
            var segment = image.Slice(at, 2 + BinaryPrimitives.ReadUInt16BigEndian(image[(at + 2)..]));
            if (!(segment[1] == 0xE1 && segment[4..].StartsWith(JpegSignature)))
            {
                (segment[1] <= 0xE1 ? first : others).AddRange(segment);
            }

            at += segment.Length;
        }

        var length = 2 + JpegSignature.Length + packet.Length;
        return [.. first, 0xFF, 0xE1, (byte)(length >> 8), (byte)length, .. JpegSignature, .. packet, .. others, .. image[at..]];
    }

    /// <summary>Replaces the packet of a PNG, behind the header, which is the first chunk, and before all pixels.</summary>
    private static byte[] IntoPng(ReadOnlySpan<byte> image, byte[] packet)
    {
        List<byte> result = [.. image[..8]];
        var at = 8;
        while (at + 12 <= image.Length)
        {
            var chunk = image.Slice(at, 12 + BinaryPrimitives.ReadInt32BigEndian(image[at..]));
            if (!(chunk[4..].StartsWith("iTXt"u8) && chunk[8..].StartsWith(PngKeyword[..18])))
            {
                result.AddRange(chunk);
            }

            if (at == 8)
            {
                AddPngChunk(result, packet);
            }

            at += chunk.Length;
        }

        return [.. result];
    }

    private static void AddPngChunk(List<byte> result, byte[] packet)
    {
        byte[] data = [.. "iTXt"u8, .. PngKeyword, .. packet];
        var number = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length - 4);
        result.AddRange([.. number, .. data]);
        BinaryPrimitives.WriteUInt32BigEndian(number, Crc32(data));
        result.AddRange(number);
    }

    /// <summary>Computes the checksum of a PNG chunk (ISO 3309) bit by bit, because a packet is small.</summary>
    private static uint Crc32(ReadOnlySpan<byte> data)
    {
        var crc = uint.MaxValue;
        foreach (var value in data)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) != 0 ? 0xEDB8_8320 ^ (crc >> 1) : crc >> 1;
            }
        }

        return ~crc;
    }
}
