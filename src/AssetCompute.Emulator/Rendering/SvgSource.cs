using System.Xml;

namespace AssetCompute.Emulator;

/// <summary>
/// Makes an SVG harmless before it is drawn: it may refer to itself and to embedded pictures, but to no file and no address, and
/// its document type, where entities would be declared, is left out.
/// </summary>
internal static class SvgSource
{
    private const long MostCharacters = 32 << 20;

    public static async Task CleanAsync(string from, string to, CancellationToken cancellationToken)
    {
        var readerSettings = new XmlReaderSettings
        {
            Async = true,
            DtdProcessing = DtdProcessing.Ignore,
            XmlResolver = null,
            MaxCharactersInDocument = MostCharacters,
            IgnoreProcessingInstructions = true,
            IgnoreComments = true,
        };
        try
        {
            await using var input = File.OpenRead(from);
            using var reader = XmlReader.Create(input, readerSettings);
            await using var writer = XmlWriter.Create(to, new XmlWriterSettings { Async = true });
            while (await reader.ReadAsync())
            {
                cancellationToken.ThrowIfCancellationRequested();
                await CopyAsync(reader, writer);
            }
        }
        catch (XmlException exception)
        {
            throw RenditionFailure.SourceCorrupt($"The SVG cannot be read: {exception.Message}");
        }
    }

    private static async Task CopyAsync(XmlReader reader, XmlWriter writer)
    {
        switch (reader.NodeType)
        {
            case XmlNodeType.Element:
                var isEmpty = reader.IsEmptyElement;
                await writer.WriteStartElementAsync(reader.Prefix, reader.LocalName, reader.NamespaceURI);
                while (reader.MoveToNextAttribute())
                {
                    Check(reader.LocalName, reader.Value);
                    await writer.WriteAttributeStringAsync(reader.Prefix, reader.LocalName, reader.NamespaceURI, reader.Value);
                }

                if (isEmpty)
                {
                    await writer.WriteEndElementAsync();
                }

                break;
            case XmlNodeType.EndElement:
                await writer.WriteFullEndElementAsync();
                break;
            case XmlNodeType.Text or XmlNodeType.CDATA or XmlNodeType.SignificantWhitespace or XmlNodeType.Whitespace:
                var text = await reader.GetValueAsync();
                Check("", text);
                await writer.WriteStringAsync(text);
                break;
        }
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
}
