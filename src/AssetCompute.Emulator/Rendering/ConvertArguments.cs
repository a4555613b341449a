using System.Globalization;

namespace AssetCompute.Emulator;

/// <summary>
/// The arguments that Adobe's worker gives ImageMagick for a set of instructions, in its order: flatten or keep transparency,
/// orient, crop, shrink, watermark, then the output's properties.
/// </summary>
internal static class ConvertArguments
{
    private const string TransparentBackground = "rgba(0, 0, 0, 0.0)";
    private const string OpaqueBackground = "rgb(255,255,255)";

    public static IReadOnlyList<string> Build(RenditionInstructions instructions, ImageInput input, WatermarkInput? watermark, string output)
    {
        var arguments = new List<string>();
        var keepsTransparency = instructions.Format is not ("jpg" or "jpeg");
        arguments.AddRange("-background", instructions.Background ?? (keepsTransparency ? TransparentBackground : OpaqueBackground));
        if (input.SizeHint is { } size)
        {
            arguments.AddRange("-size", size);
        }

        if (instructions.Quality is { } quality)
        {
            arguments.AddRange("-quality", Text(quality));
        }

        if (instructions.Dpi is { } density)
        {
            arguments.AddRange("-density", $"{Text(density.X)}x{Text(density.Y)}");
        }

        // Only the first page or frame, as the worker reads it.
        arguments.Add($"{input.Coder}:{input.Path}[0]");
        if (instructions.Background is not null || !keepsTransparency)
        {
            arguments.Add("-flatten");
        }

        arguments.Add("-auto-orient");
        AddGeometry(arguments, instructions, watermark);
        AddOutput(arguments, instructions);
        arguments.Add($"{instructions.Format}:{output}");
        return arguments;
    }

    /// <summary>
    /// How large a watermark is drawn: its own size fitted into the rendition's box, which may enlarge it, times the scale. The crop
    /// plays no part.
    /// </summary>
    public static (int Width, int Height) WatermarkSize(RenditionInstructions instructions, ImageHeader image, ImageHeader watermark, double scale)
    {
        var shrink = Math.Min(1, Fit(image.SeenWidth, image.SeenHeight, instructions.Width, instructions.Height));
        var fit = Fit(watermark.Width, watermark.Height, image.SeenWidth * shrink, image.SeenHeight * shrink) * scale;
        return (Side(watermark.Width * fit), Side(watermark.Height * fit));

        static int Side(double length) => Math.Max(1, (int)Math.Round(length, MidpointRounding.AwayFromZero));
    }

    private static double Fit(double width, double height, double? boxWidth, double? boxHeight) =>
        Math.Min((boxWidth ?? double.PositiveInfinity) / width, (boxHeight ?? double.PositiveInfinity) / height);

    private static void AddGeometry(List<string> arguments, RenditionInstructions instructions, WatermarkInput? watermark)
    {
        if (instructions.Crop is var (x, y, width, height))
        {
            arguments.AddRange("-crop", $"{Text(width)}x{Text(height)}+{Text(x)}+{Text(y)}");
        }

        if (instructions.Width is not null || instructions.Height is not null)
        {
            arguments.AddRange("-resize", Box(instructions.Width, instructions.Height));
        }

        if (instructions.MaxWidth is not null || instructions.MaxHeight is not null)
        {
            arguments.AddRange("-resize", Box(instructions.MaxWidth, instructions.MaxHeight));
        }

        if (watermark is not null)
        {
            arguments.AddRange("-draw", $"gravity Center image Over 0,0 {watermark.Width},{watermark.Height} \"{watermark.Path}\"");
        }
    }

    private static void AddOutput(List<string> arguments, RenditionInstructions instructions)
    {
        switch (instructions.Format)
        {
            case "png":
                arguments.AddRange("-define", "png:exclude-chunks=date");
                if (instructions.CompressionLevel is { } level)
                {
                    arguments.AddRange("-define", $"png:compression-level={Text(level)}");
                }

                break;
            case "tif" or "tiff":
                arguments.AddRange("-define", "tiff:preserve-compression=true");
                break;
            case "jpg" or "jpeg" when instructions.JpegSize is { } size:
                arguments.AddRange("-define", $"jpeg:extent={Text(size)}");
                break;
            case "webp":
                arguments.AddRange("-define", "webp:lossless=false");
                break;
        }

        if (instructions.Interlace)
        {
            arguments.AddRange("-interlace", "Line");
        }

        if (instructions.Dpi is not null)
        {
            arguments.AddRange("-units", "pixelsperinch");
        }

        if (instructions.ConvertToDpi is var (x, y))
        {
            arguments.AddRange("-units", "pixelsperinch", "-resample", $"{Text(x)}x{Text(y)}");
        }

        arguments.AddRange("-colorspace", "sRGB");
    }

    private static string Box(double? width, double? height) =>
        height is null ? $"{Text(width!.Value)}>" : $"{(width is { } w ? Text(w) : "")}x{Text(height.Value)}>";

    private static string Text(double number) => number.ToString("0.######", CultureInfo.InvariantCulture);

    private static void AddRange(this List<string> arguments, params ReadOnlySpan<string> more)
    {
        foreach (var argument in more)
        {
            arguments.Add(argument);
        }
    }
}
