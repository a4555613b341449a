using System.Text;
using System.Xml.Linq;
using AssetCompute.Emulator.Rendering;

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
        XNamespace meta = "adobe:ns:meta/";
        XNamespace rdf = "http://www.w3.org/1999/02/22-rdf-syntax-ns#";
        XNamespace dc = "http://purl.org/dc/elements/1.1/";
        XNamespace tiff = "http://ns.adobe.com/tiff/1.0/";
        var description = new XElement(
            rdf + "Description",
            new XAttribute(rdf + "about", ""),
            new XAttribute(XNamespace.Xmlns + "dc", dc),
            new XElement(dc + "format", mediaType));
        if (size is var (width, height))
        {
            description.Add(
                new XAttribute(XNamespace.Xmlns + "tiff", tiff),
                new XElement(tiff + "ImageWidth", width),
                new XElement(tiff + "ImageLength", height));
        }

        return new XElement(
            meta + "xmpmeta",
            new XAttribute(XNamespace.Xmlns + "x", meta),
            new XElement(rdf + "RDF", new XAttribute(XNamespace.Xmlns + "rdf", rdf), description)).ToString();
    }
}
