using System.Globalization;

namespace AssetCompute.Emulator;

/// <summary>Turns a source into a file that ImageMagick may read: checked, and drawn first when it is a page or a drawing.</summary>
internal sealed class ImageInputs(Ghostscript ghostscript, EmulatorRenderingOptions options)
{
    /// <summary>The side of a drawing that has no size of its own and for which none is asked.</summary>
    private const int DefaultSvgSize = 400;

    public async Task<(ImageInput Input, ImageHeader Header)> PrepareAsync(
        SourceFile source, RenditionInstructions instructions, JobWorkspace workspace, int index, CancellationToken cancellationToken)
    {
        switch (source.Header)
        {
            case null:
                throw source.MediaType.StartsWith("image/", StringComparison.OrdinalIgnoreCase)
                    ? RenditionFailure.SourceCorrupt("Rendition seems to be corrupt. Could not identify file type.")
                    : RenditionFailure.FormatUnsupported($"No transformers match input format: {MediaTypes.Essence(source.MediaType)}");
            case { Coder: "svg" } svg:
                return await DrawingAsync(source, svg, instructions, workspace, index, cancellationToken);
            case { Coder: "pdf" }:
                return await PageAsync(source, workspace, index, cancellationToken);
            case var picture:
                CheckPixels(picture);
                return (new ImageInput(picture.Coder, source.Path), picture);
        }
    }

    /// <summary>A small file may unpack to more pixels than the machine has memory for; its header says so before anything is unpacked.</summary>
    public void CheckPixels(ImageHeader header)
    {
        if ((long)header.Width * header.Height > options.MaxPixels)
        {
            throw RenditionFailure.SourceUnsupported(
                $"The source has {header.Width}×{header.Height} pixels; the emulator's limit is {options.MaxPixels} in all.");
        }
    }

    private static async Task<(ImageInput Input, ImageHeader Header)> DrawingAsync(
        SourceFile source, ImageHeader svg, RenditionInstructions instructions, JobWorkspace workspace, int index, CancellationToken cancellationToken)
    {
        var path = workspace.PathOf($"drawing{index}.svg");
        await SvgSource.CleanAsync(source.Path, path, cancellationToken);
        var (width, height) = (Side(instructions.Width), Side(instructions.Height));
        var size = width.Length + height.Length == 0 ? $"{DefaultSvgSize}" : $"{width}x{height}";

        // MSVG is ImageMagick's own renderer: plain SVG would look for other programs to draw it.
        return (new ImageInput("msvg", path, size), svg with { Width = DefaultSvgSize, Height = DefaultSvgSize });
    }

    private async Task<(ImageInput Input, ImageHeader Header)> PageAsync(SourceFile source, JobWorkspace workspace, int index, CancellationToken cancellationToken)
    {
        if (!ghostscript.IsInstalled)
        {
            throw RenditionFailure.FormatUnsupported("No transformers match input format: application/pdf (Ghostscript is not installed).");
        }

        var path = workspace.PathOf($"page{index}.png");
        await ghostscript.FirstPageAsync(source.Path, path, cancellationToken);
        var header = await ImageHeader.ReadAsync(path, cancellationToken) ?? throw RenditionFailure.SourceCorrupt("The PDF has no first page.");
        CheckPixels(header);
        return (new ImageInput("png", path), header);
    }

    private static string Side(double? length) => length?.ToString("0", CultureInfo.InvariantCulture) ?? "";
}
