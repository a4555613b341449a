using System.Text;
using System.Xml.Linq;

namespace AssetCompute.Emulator;

/// <summary>Finds the XMP packet inside a file. It is plain text in every format.</summary>
internal static class XmpReader
{
    private static ReadOnlySpan<byte> Start => "<x:xmpmeta"u8;

    private static ReadOnlySpan<byte> End => "</x:xmpmeta>"u8;

    public static string? Find(ReadOnlySpan<byte> file)
    {
        var start = file.IndexOf(Start);
        if (start < 0)
        {
            return null;
        }

        var length = file[start..].IndexOf(End);
        return length < 0 ? null : Encoding.UTF8.GetString(file.Slice(start, length + End.Length));
    }

    /// <summary>Describes a file without a packet: its type, and its size if it is an image.</summary>
    public static string Describe(SourceFile source)
    {
        XNamespace meta = "adobe:ns:meta/";
        XNamespace rdf = "http://www.w3.org/1999/02/22-rdf-syntax-ns#";
        XNamespace dc = "http://purl.org/dc/elements/1.1/";
        XNamespace tiff = "http://ns.adobe.com/tiff/1.0/";
        var description = new XElement(
            rdf + "Description",
            new XAttribute(rdf + "about", ""),
            new XAttribute(XNamespace.Xmlns + "dc", dc),
            new XElement(dc + "format", source.Header?.MediaType ?? MediaTypes.Essence(source.MediaType)));
        if (source.Header is { Width: > 0, Height: > 0 } header)
        {
            description.Add(
                new XAttribute(XNamespace.Xmlns + "tiff", tiff),
                new XElement(tiff + "ImageWidth", header.Width),
                new XElement(tiff + "ImageLength", header.Height));
        }

        return new XElement(
            meta + "xmpmeta",
            new XAttribute(XNamespace.Xmlns + "x", meta),
            new XElement(rdf + "RDF", new XAttribute(XNamespace.Xmlns + "rdf", rdf), description)).ToString();
    }
}
