using System.IO.Compression;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml;

namespace AssetCompute.Emulator;

/// <summary>Makes <c>fmt=text</c>: the text of plain text, HTML, XML, Word and PDF files.</summary>
internal sealed partial class TextMaker(RenderWorkerPool workers, EmulatorRenderingOptions options)
{
    private const string WordNamespace = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";

    public async Task<RenditionContent> MakeAsync(RenditionTask rendition, JobWorkspace workspace, CancellationToken cancellationToken)
    {
        var source = await workspace.SourceAsync().ConfigureAwait(false);
        return RenditionContent.OfText(await TextAsync(source, rendition, workspace, cancellationToken).ConfigureAwait(false), "text/plain");
    }

    private async Task<string> TextAsync(SourceFile source, RenditionTask rendition, JobWorkspace workspace, CancellationToken cancellationToken) => source.MediaType switch
    {
        "text/plain" or "text/csv" or "text/markdown" or "application/json" => await File.ReadAllTextAsync(source.Path, cancellationToken).ConfigureAwait(false),
        "text/html" or "application/xhtml+xml" or "text/xml" or "application/xml" or "image/svg+xml" =>
            WithoutMarkup(await File.ReadAllTextAsync(source.Path, cancellationToken).ConfigureAwait(false)),
        "application/pdf" => await PdfAsync(source.Path, workspace.PathOf($"text{rendition.Index}.txt"), cancellationToken).ConfigureAwait(false),
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document" => await WordAsync(source.Path, cancellationToken).ConfigureAwait(false),
        _ => throw RenditionFailure.FormatUnsupported($"No plan could be found for : {source.MediaType} -> text/plain"),
    };

    private static string WithoutMarkup(string markup)
    {
        var words = WebUtility.HtmlDecode(Tag().Replace(NotForReaders().Replace(markup, " "), " "));
        return string.Join('\n', words.Split('\n').Select(line => Spaces().Replace(line, " ").Trim()).Where(line => line.Length > 0)) + "\n";
    }

    private async Task<string> PdfAsync(string path, string output, CancellationToken cancellationToken)
    {
        await workers.RenderAsync(new RenderRequest { Input = path, InputFormat = "pdf", Output = output }, cancellationToken).ConfigureAwait(false);
        return await File.ReadAllTextAsync(output, cancellationToken).ConfigureAwait(false);
    }

    private async Task<string> WordAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            using var archive = await ZipFile.OpenReadAsync(path, cancellationToken).ConfigureAwait(false);
            var document = archive.GetEntry("word/document.xml") ?? throw RenditionFailure.SourceCorrupt("The Word document has no text.");

            // The length in the archive may be false, so the number of characters that are read is limited as well.
            var settings = new XmlReaderSettings { Async = true, DtdProcessing = DtdProcessing.Prohibit, MaxCharactersInDocument = options.MaxSourceBytes };
            using var stream = await document.OpenAsync(cancellationToken).ConfigureAwait(false);
            using var reader = XmlReader.Create(stream, settings);
            var text = new StringBuilder();
            while (await reader.ReadAsync().ConfigureAwait(false))
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (reader.NodeType is XmlNodeType.Text or XmlNodeType.SignificantWhitespace)
                {
                    text.Append(reader.Value);
                }
                else if (reader is { NodeType: XmlNodeType.EndElement, LocalName: "p", NamespaceURI: WordNamespace })
                {
                    text.Append('\n');
                }
            }

            return text.ToString();
        }
        catch (Exception exception) when (exception is InvalidDataException or XmlException)
        {
            throw RenditionFailure.SourceCorrupt("The Word document cannot be read.");
        }
    }

    [GeneratedRegex("<script[^>]*>.*?</script>|<style[^>]*>.*?</style>|<!--.*?-->", RegexOptions.IgnoreCase | RegexOptions.Singleline | RegexOptions.NonBacktracking)]
    private static partial Regex NotForReaders();

    [GeneratedRegex("<[^>]*>", RegexOptions.NonBacktracking)]
    private static partial Regex Tag();

    [GeneratedRegex("[ \\t\\r]+")]
    private static partial Regex Spaces();
}
