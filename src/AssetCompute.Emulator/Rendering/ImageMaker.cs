using System.Text.Json.Nodes;

namespace AssetCompute.Emulator;

/// <summary>Makes pictures of pictures with ImageMagick.</summary>
internal sealed class ImageMaker(ImageMagick imageMagick, Downloader downloader, EmulatorRenderingOptions options) : IRenditionMaker
{
    public bool Makes(string format) => ImageFormats.MediaTypeOf(format) is not null;

    public async Task<RenditionContent> MakeAsync(RenditionTask rendition, JobWorkspace workspace, CancellationToken cancellationToken)
    {
        var instructions = RenditionInstructions.Read(rendition.Format, rendition.Instructions);
        var source = await workspace.SourceAsync(cancellationToken);
        var header = CheckedHeader(source);
        var watermark = instructions.Watermark is null
            ? null
            : await FetchWatermarkAsync(rendition, instructions, header, workspace, cancellationToken);
        var output = workspace.PathOf(rendition.FileName);
        await imageMagick.ConvertAsync(
            ConvertArguments.Build(instructions, new ImageInput(header.Coder, source.Path), watermark, output), workspace.Folder, cancellationToken);
        return File.Exists(output)
            ? RenditionContent.OfFile(output, ImageFormats.MediaTypeOf(rendition.Format)!)
            : throw RenditionFailure.Generic($"No rendition generated for {rendition.Instructions["name"].StringOf() ?? $"{rendition.Index}"}");
    }

    private ImageHeader CheckedHeader(SourceFile source)
    {
        if (source.Header is not { } header)
        {
            throw source.MediaType.StartsWith("image/", StringComparison.OrdinalIgnoreCase)
                ? RenditionFailure.SourceCorrupt("Rendition seems to be corrupt. Could not identify file type.")
                : RenditionFailure.FormatUnsupported($"No transformers match input format: {MediaTypes.Essence(source.MediaType)}");
        }

        CheckPixels(header);
        return header;
    }

    /// <summary>A small file may unpack to more pixels than the machine has memory for; its header says so before anything is unpacked.</summary>
    private void CheckPixels(ImageHeader header)
    {
        if ((long)header.Width * header.Height > options.MaxPixels)
        {
            throw RenditionFailure.SourceUnsupported(
                $"The source has {header.Width}×{header.Height} pixels; the emulator's limit is {options.MaxPixels} in all.");
        }
    }

    private async Task<WatermarkInput> FetchWatermarkAsync(RenditionTask rendition, RenditionInstructions instructions, ImageHeader image, JobWorkspace workspace, CancellationToken cancellationToken)
    {
        var path = workspace.PathOf($"watermark{rendition.Index}");
        try
        {
            await downloader.FetchAsync(JsonValue.Create(instructions.Watermark!.Image), path, cancellationToken);
        }
        catch (RenditionFailure refused)
        {
            // The reasons about sources are not for watermarks.
            throw RenditionFailure.Generic($"The watermark cannot be used: {refused.Message}", refused);
        }

        if (await ImageHeader.ReadAsync(path, cancellationToken) is not { Width: > 0, Height: > 0 } header)
        {
            throw RenditionFailure.Generic("The watermark is not a picture.");
        }

        CheckPixels(header);
        // Drawing takes no explicit coder; the extension says the same.
        var named = Path.ChangeExtension(path, header.Coder);
        File.Move(path, named);
        var (width, height) = ConvertArguments.WatermarkSize(instructions, image, header, instructions.Watermark.Scale);
        return new WatermarkInput(named, width, height);
    }
}
