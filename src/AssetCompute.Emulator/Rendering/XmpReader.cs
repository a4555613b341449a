using System.Security;
using System.Text;

namespace AssetCompute.Emulator;

/// <summary>Finds the XMP packet inside a file. It is plain text in every format.</summary>
internal static class XmpReader
{
    public static string? Find(ReadOnlySpan<byte> file)
    {
        var end = "</x:xmpmeta>"u8;
        var start = file.IndexOf("<x:xmpmeta"u8);
        var length = start < 0 ? -1 : file[start..].IndexOf(end);
        return length < 0 ? null : Encoding.UTF8.GetString(file.Slice(start, length + end.Length));
    }

    /// <summary>Describes a file without a packet: its type, and its size if it is an image.</summary>
    public static string Describe(string mediaType, PixelSize? size)
    {
        var pixels = size is var (width, height) ? $"\n      <tiff:ImageWidth>{width}</tiff:ImageWidth>\n      <tiff:ImageLength>{height}</tiff:ImageLength>" : "";
        return $"""
            <x:xmpmeta xmlns:x="adobe:ns:meta/">
              <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
                <rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:tiff="http://ns.adobe.com/tiff/1.0/">
                  <dc:format>{SecurityElement.Escape(mediaType)}</dc:format>{pixels}
                </rdf:Description>
              </rdf:RDF>
            </x:xmpmeta>
            """;
    }
}
