using System.Xml;
using System.Xml.Linq;

namespace AssetCompute.Emulator.Rendering;

/// <summary>
/// Sanitizes an SVG before it is rendered. It may refer to itself and to embedded images, but not to files or URLs. Entities declared in the document are
/// expanded, within limits.
/// </summary>
internal static class SvgDocument
{
    private const long MaxCharacters = 32 << 20;
    private const long MaxCharactersFromEntities = 1 << 20;

    /// <summary>The maximum nesting depth. Deeper elements would overflow the stack and end the process.</summary>
    private const int MaxDepth = 256;

    /// <exception cref="XmlException">The file is not well-formed, or its entities exceed the limit.</exception>
    /// <exception cref="RenditionFailure">The document references an external resource.</exception>
    public static MemoryStream Clean(string path)
    {
        var settings = new XmlReaderSettings
        {
            DtdProcessing = DtdProcessing.Parse,
            XmlResolver = new OnlyDocumentTypes(),
            MaxCharactersInDocument = MaxCharacters,
            MaxCharactersFromEntities = MaxCharactersFromEntities,
            IgnoreProcessingInstructions = true,
            IgnoreComments = true,
        };

        // Editors write white space even before the XML declaration, where XML allows none, and after a byte order mark.
        var bytes = File.ReadAllBytes(path);
        var blank = bytes.Length - bytes.AsSpan().TrimStart(" \r\n\t"u8).TrimStart("\uFEFF"u8).TrimStart(" \r\n\t"u8).Length;
        XmlReader Open() => XmlReader.Create(new MemoryStream(bytes, blank, bytes.Length - blank), settings);
        using (var reader = Open())
        {
            while (reader.Read())
            {
                if (reader.NodeType == XmlNodeType.Element && reader.Depth > MaxDepth)
                {
                    throw RenditionFailure.OverLimits($"its elements are nested more than {MaxDepth} deep.");
                }
            }
        }

        using var content = Open();
        var svg = XElement.Load(content, LoadOptions.PreserveWhitespace);
        foreach (var element in svg.DescendantsAndSelf())
        {
            if (element.Name.LocalName == "a")
            {
                // A hyperlink has no effect on the image. It is removed so that nothing can treat it as the URL of an image.
                element.Attributes().Where(static attribute => attribute.Name.LocalName == "href").Remove();
            }

            foreach (var attribute in element.Attributes())
            {
                Check(attribute.Name.LocalName, attribute.Value);
            }

            if (element.Name.LocalName == "style")
            {
                Check("", element.Value);
            }
        }

        var cleaned = new MemoryStream();
        svg.Save(cleaned, SaveOptions.DisableFormatting);
        cleaned.Position = 0;
        return cleaned;
    }

    private static void Check(string attribute, string value)
    {
        var refersOutside = attribute == "href" && !IsInside(value);
        for (var at = 0; !refersOutside && (at = value.IndexOf("url(", at, StringComparison.OrdinalIgnoreCase)) >= 0; at += 4)
        {
            refersOutside = !IsInside(value[(at + 4)..].TrimStart(' ', '"', '\''));
        }

        if (refersOutside || value.Contains("@import", StringComparison.OrdinalIgnoreCase))
        {
            throw RenditionFailure.SourceUnsupported("The SVG refers to something outside itself, which is refused.");
        }
    }

    private static bool IsInside(string reference) =>
        reference.TrimStart() is ['#', ..] || reference.TrimStart().StartsWith("data:image/", StringComparison.OrdinalIgnoreCase);

    /// <summary>Treats every document type as empty, and rejects all other external references.</summary>
    private sealed class OnlyDocumentTypes : XmlResolver
    {
        public override object GetEntity(Uri absoluteUri, string? role, Type? ofObjectToReturn) =>
            absoluteUri.AbsolutePath.EndsWith(".dtd", StringComparison.OrdinalIgnoreCase)
                ? Stream.Null
                : throw new XmlException("An entity outside the document is refused.");
    }
}
