using System.Text.Json.Nodes;

namespace AssetCompute.Emulator;

/// <summary>Makes pictures of pictures, drawings and first pages with ImageMagick.</summary>
internal sealed class ImageMaker(ImageMagick imageMagick, ImageInputs inputs, Downloader downloader) : IRenditionMaker
{
    /// <summary>What a rendition may say beside <c>xmp</c> without asking for other pixels than the source's.</summary>
    private static readonly HashSet<string> NotAboutPixels = ["fmt", "type", "name", "target", "url", "userData", "xmp", "embedBinaryLimit"];

    public bool Makes(string format) => ImageFormats.MediaTypeOf(format) is not null;

    public async Task<RenditionContent> MakeAsync(RenditionTask rendition, JobWorkspace workspace, CancellationToken cancellationToken)
    {
        var mediaType = ImageFormats.MediaTypeOf(rendition.Format)!;
        var source = await workspace.SourceAsync(cancellationToken);
        if (XmpWriteBack.PacketOf(rendition.Instructions) is not { } xmp)
        {
            return RenditionContent.OfFile(await RenderAsync(rendition, source, workspace, cancellationToken), mediaType);
        }

        // Metadata is written back into the picture itself, not into one that was compressed a second time.
        var isWholeSource = source.Header?.MediaType == mediaType && rendition.Instructions.All(member => NotAboutPixels.Contains(member.Key));
        var image = isWholeSource ? source.Path : await RenderAsync(rendition, source, workspace, cancellationToken);
        return RenditionContent.OfBytes(XmpWriteBack.Write(await File.ReadAllBytesAsync(image, cancellationToken), xmp, mediaType), mediaType);
    }

    private async Task<string> RenderAsync(RenditionTask rendition, SourceFile source, JobWorkspace workspace, CancellationToken cancellationToken)
    {
        var instructions = RenditionInstructions.Read(rendition.Format, rendition.Instructions);
        var (input, header) = await inputs.PrepareAsync(source, instructions, workspace, rendition.Index, cancellationToken);
        var watermark = instructions.Watermark is null
            ? null
            : await FetchWatermarkAsync(rendition, instructions, header, workspace, cancellationToken);
        var output = workspace.PathOf(rendition.FileName);
        await imageMagick.ConvertAsync(ConvertArguments.Build(instructions, input, watermark, output), workspace.Folder, cancellationToken);
        return File.Exists(output)
            ? output
            : throw RenditionFailure.Generic($"No rendition generated for {rendition.Instructions["name"].StringOf() ?? $"{rendition.Index}"}");
    }

    private async Task<WatermarkInput> FetchWatermarkAsync(
        RenditionTask rendition, RenditionInstructions instructions, ImageHeader image, JobWorkspace workspace, CancellationToken cancellationToken)
    {
        var path = workspace.PathOf($"watermark{rendition.Index}");
        try
        {
            await downloader.FetchAsync(JsonValue.Create(instructions.Watermark!.Image), path, cancellationToken);
        }
        catch (Exception refused) when (refused is RenditionFailure or DownloadException)
        {
            // The reasons about sources, and the worker's silence about them, are not for watermarks.
            throw RenditionFailure.Generic($"The watermark cannot be used: {refused.Message}", refused);
        }

        if (await ImageHeader.ReadAsync(path, cancellationToken) is not { Width: > 0, Height: > 0 } header)
        {
            throw RenditionFailure.Generic("The watermark is not a picture.");
        }

        inputs.CheckPixels(header);

        // Drawing takes no explicit coder; the extension says the same.
        var named = Path.ChangeExtension(path, header.Coder);
        File.Move(path, named);
        var (width, height) = ConvertArguments.WatermarkSize(instructions, image, header, instructions.Watermark.Scale);
        return new WatermarkInput(named, width, height);
    }
}
