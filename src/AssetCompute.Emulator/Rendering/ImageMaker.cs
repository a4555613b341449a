using System.Text.Json.Nodes;

namespace AssetCompute.Emulator;

/// <summary>Makes images from images, vector graphics and first pages, in a render worker.</summary>
internal sealed class ImageMaker(RenderWorkerPool workers, Downloader downloader)
{
    /// <summary>The instructions that, together with <c>xmp</c>, still leave the pixels of the source unchanged.</summary>
    private static readonly HashSet<string> NotAboutPixels = ["fmt", "type", "name", "target", "url", "userData", "xmp", "embedBinaryLimit"];

    public async Task<RenditionContent> MakeAsync(RenditionTask rendition, JobWorkspace workspace, CancellationToken cancellationToken)
    {
        var mediaType = MediaTypes.OfImageFormat(rendition.Format)!;
        var source = await workspace.SourceAsync().ConfigureAwait(false);
        var xmp = XmpWriteBack.PacketOf(rendition.Instructions);

        // Metadata is written into the original image file, not into one that was compressed again.
        var isWholeSource = xmp is not null && source.Format?.MediaType == mediaType && rendition.Instructions.All(member => NotAboutPixels.Contains(member.Key));
        var path = isWholeSource ? source.Path : workspace.PathOf(rendition.FileName);
        var size = isWholeSource
            ? (await workers.InspectAsync(path, source.Format!.Coder, cancellationToken).ConfigureAwait(false))?.Size
            : (await RenderAsync(rendition, source, path, workspace, cancellationToken).ConfigureAwait(false)).Size;
        var content = xmp is null
            ? RenditionContent.OfFile(path, mediaType)
            : RenditionContent.OfBytes(XmpWriteBack.Write(await File.ReadAllBytesAsync(path, cancellationToken).ConfigureAwait(false), xmp, mediaType), mediaType);
        return content with { Pixels = size };
    }

    private async Task<RenderReply> RenderAsync(RenditionTask rendition, SourceFile source, string output, JobWorkspace workspace, CancellationToken cancellationToken)
    {
        var instructions = InstructionsReader.Read(rendition.Format, rendition.Instructions);
        if (source.Format is not { } format)
        {
            throw source.MediaType.StartsWith("image/", StringComparison.Ordinal)
                ? RenditionFailure.SourceCorrupt("Rendition seems to be corrupt. Could not identify file type.")
                : RenditionFailure.FormatUnsupported($"No transformers match input format: {source.MediaType}");
        }

        var (watermark, watermarkFormat) = InstructionsReader.WatermarkOf(rendition.Instructions) is { } image
            ? await FetchWatermarkAsync(image, workspace.PathOf($"watermark{rendition.Index}"), cancellationToken).ConfigureAwait(false)
            : default;
        var request = new RenderRequest
        {
            Input = source.Path,
            InputFormat = format.Coder,
            Output = output,
            Image = instructions,
            Watermark = watermark,
            WatermarkFormat = watermarkFormat,
        };
        var reply = await workers.RenderAsync(request, cancellationToken).ConfigureAwait(false);
        if (format.HasPixels)
        {
            rendition.Job.SourcePixels = reply.SourceSize;
        }

        return reply;
    }

    private async Task<(string Path, string Format)> FetchWatermarkAsync(string image, string path, CancellationToken cancellationToken)
    {
        try
        {
            await downloader.FetchAsync(JsonValue.Create(image), path, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception refused) when (refused is RenditionFailure or DownloadException)
        {
            // The failure reasons for sources do not apply to watermarks.
            throw RenditionFailure.Generic($"The watermark cannot be used: {refused.Message}", refused);
        }

        return await ImageFormat.ReadAsync(path, cancellationToken).ConfigureAwait(false) is { HasPixels: true } format
            ? (path, format.Coder)
            : throw RenditionFailure.Generic("The watermark is not a picture.");
    }
}
