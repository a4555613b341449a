using System.Text.Json.Nodes;
using AssetCompute.Emulator.Rendering;

namespace AssetCompute.Emulator;

/// <summary>Makes images from images, vector graphics and first pages, in a render worker.</summary>
internal sealed class ImageMaker(RenderWorkerPool workers, Downloader downloader, EmulatorRenderingOptions options) : IRenditionMaker
{
    /// <summary>The instructions that, together with <c>xmp</c>, still leave the pixels of the source unchanged.</summary>
    private static readonly HashSet<string> NotAboutPixels = ["fmt", "type", "name", "target", "url", "userData", "xmp", "embedBinaryLimit"];

    public bool Makes(string format) => MediaTypes.OfImageFormat(format) is not null;

    public async Task<RenditionContent> MakeAsync(RenditionTask rendition, JobWorkspace workspace, CancellationToken cancellationToken)
    {
        var mediaType = MediaTypes.OfImageFormat(rendition.Format)!;
        var source = await workspace.SourceAsync(cancellationToken).ConfigureAwait(false);
        if (XmpWriteBack.PacketOf(rendition.Instructions) is not { } xmp)
        {
            return RenditionContent.OfFile(await RenderAsync(rendition, source, workspace, cancellationToken).ConfigureAwait(false), mediaType);
        }

        // Metadata is written into the original image file, not into one that was compressed again.
        var isWholeSource = source.Header?.MediaType == mediaType && rendition.Instructions.All(member => NotAboutPixels.Contains(member.Key));
        var image = isWholeSource ? source.Path : await RenderAsync(rendition, source, workspace, cancellationToken).ConfigureAwait(false);
        return RenditionContent.OfBytes(XmpWriteBack.Write(await File.ReadAllBytesAsync(image, cancellationToken).ConfigureAwait(false), xmp, mediaType), mediaType);
    }

    private async Task<string> RenderAsync(RenditionTask rendition, SourceFile source, JobWorkspace workspace, CancellationToken cancellationToken)
    {
        var instructions = InstructionsReader.Read(rendition.Format, rendition.Instructions);
        var format = FormatOf(source);
        var (watermark, watermarkFormat) = InstructionsReader.WatermarkOf(rendition.Instructions) is { } image
            ? await FetchWatermarkAsync(image, workspace.PathOf($"watermark{rendition.Index}"), cancellationToken).ConfigureAwait(false)
            : default;
        var output = workspace.PathOf(rendition.FileName);
        var request = new RenderRequest
        {
            Input = source.Path,
            InputFormat = format,
            Output = output,
            Image = instructions,
            Watermark = watermark,
            WatermarkFormat = watermarkFormat,
        };
        await workers.RenderAsync(request, cancellationToken).ConfigureAwait(false);
        return output;
    }

    private string FormatOf(SourceFile source)
    {
        if (source.Header is not { } header)
        {
            throw source.MediaType.StartsWith("image/", StringComparison.OrdinalIgnoreCase)
                ? RenditionFailure.SourceCorrupt("Rendition seems to be corrupt. Could not identify file type.")
                : RenditionFailure.FormatUnsupported($"No transformers match input format: {MediaTypes.Essence(source.MediaType)}");
        }

        CheckPixels(header);
        return header.Coder;
    }

    /// <summary>Checks the pixel count in the header before the image is decompressed. A small file may have more pixels than fit into memory.</summary>
    private void CheckPixels(ImageHeader header)
    {
        if ((long)header.Width * header.Height > options.MaxPixels)
        {
            throw RenditionFailure.SourceUnsupported(
                $"The source has {header.Width}×{header.Height} pixels; the emulator's limit is {options.MaxPixels} in all.");
        }
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

        if (await ImageHeader.ReadAsync(path, cancellationToken).ConfigureAwait(false) is not { Width: > 0, Height: > 0 } header)
        {
            throw RenditionFailure.Generic("The watermark is not a picture.");
        }

        CheckPixels(header);
        return (path, header.Coder);
    }
}
