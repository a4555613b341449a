namespace AssetCompute.Emulator;

/// <summary>Makes renditions of every format.</summary>
internal sealed class RenditionMaker(RenderWorkerPool workers, Downloader downloader, EmulatorRenderingOptions options)
{
    public const string PixelType = "image/png";

    /// <summary>One transparent pixel, 70 bytes.</summary>
    public static readonly byte[] Pixel = Convert.FromBase64String(
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==");

    private readonly ImageMaker _images = new(workers, downloader);
    private readonly TextMaker _texts = new(workers, options);
    private readonly ArchiveMaker _archives = new(downloader, options);

    public static bool Makes(string format) => format is "text" or "xmp" or "pdf" or "zip" || MediaTypes.OfImageFormat(format) is not null;

    /// <exception cref="RenditionFailure">The rendition cannot be made.</exception>
    /// <exception cref="DownloadException">A required file could not be fetched.</exception>
    public Task<RenditionContent> MakeAsync(RenditionTask rendition, JobWorkspace workspace, CancellationToken cancellationToken) => rendition.Format switch
    {
        var format when !Makes(format) => throw RenditionFailure.FormatUnsupported($"Format {format} is not supported."),
        _ when options.Mode == EmulatorRenderingMode.None => Task.FromResult(RenditionContent.OfBytes(Pixel, PixelType) with { Pixels = new(1, 1) }),
        "text" => _texts.MakeAsync(rendition, workspace, cancellationToken),
        "xmp" => MakeXmpAsync(workspace, cancellationToken),
        "pdf" => MakePdfAsync(workspace),
        "zip" => _archives.MakeAsync(rendition, workspace, cancellationToken),
        _ => _images.MakeAsync(rendition, workspace, cancellationToken),
    };

    /// <summary>Returns the metadata of the source as XML.</summary>
    private async Task<RenditionContent> MakeXmpAsync(JobWorkspace workspace, CancellationToken cancellationToken)
    {
        var source = await workspace.SourceAsync().ConfigureAwait(false);
        var xmp = XmpReader.Find(await File.ReadAllBytesAsync(source.Path, cancellationToken).ConfigureAwait(false));
        if (xmp is null)
        {
            var size = source.Format is { HasPixels: true } format ? (await workers.InspectAsync(source.Path, format.Coder, cancellationToken).ConfigureAwait(false))?.Size : null;
            xmp = XmpReader.Describe(source.MediaType, size);
        }

        return RenditionContent.OfText($"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{xmp}\n", "text/xml");
    }

    /// <summary>Returns the source itself, if it is a PDF.</summary>
    private static async Task<RenditionContent> MakePdfAsync(JobWorkspace workspace)
    {
        var source = await workspace.SourceAsync().ConfigureAwait(false);
        return source.Format?.Coder == "pdf"
            ? RenditionContent.OfFile(source.Path, source.MediaType)
            : throw RenditionFailure.FormatUnsupported($"No plan could be found for : {source.MediaType} -> application/pdf");
    }
}
