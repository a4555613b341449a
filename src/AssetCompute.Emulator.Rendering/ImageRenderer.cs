using ImageMagick;
using ImageMagick.Drawing;

namespace AssetCompute.Emulator.Rendering;

/// <summary>
/// Renders an image as Adobe's worker does with ImageMagick 7, in the same order: flatten or keep transparency, orient, crop, shrink, add the watermark, then
/// set the output properties (adobe/asset-compute-sdk, lib/postprocessing/image.js).
/// </summary>
internal static class ImageRenderer
{
    /// <summary>The width of a vector graphic if no size is requested.</summary>
    private const uint DefaultSvgWidth = 400;

    public static RenderReply Render(RenderRequest request, ImageInstructions instructions)
    {
        using var source = Read(request.Input, request.InputFormat, instructions);
        using var image = KeepsTransparency(instructions) ? source.Clone() : Flatten(source, instructions);
        image.AutoOrient();
        var original = new PixelSize(image.Width, image.Height);
        if (instructions.Crop is { } crop)
        {
            image.Crop(new MagickGeometry((int)crop.X, (int)crop.Y, Pixels(crop.Width), Pixels(crop.Height)));
        }

        Shrink(image, instructions.Width, instructions.Height);
        Shrink(image, instructions.MaxWidth, instructions.MaxHeight);
        if (request is { Watermark: { } path, WatermarkFormat: { } format })
        {
            using var watermark = Read(path, format, null);
            Draw(watermark, image, original, instructions);
        }

        SetResolution(image, instructions);
        ToSrgb(image);
        image.Write(request.Output, WriteFormat(image, instructions));
        return new() { Size = new(image.Width, image.Height), SourceSize = original };
    }

    private static MagickImage Read(string path, string format, ImageInstructions? instructions)
    {
        // Reads the first page or frame with the specified decoder. ImageMagick never guesses a format from the name or content.
        var settings = new MagickReadSettings
        {
            Format = Enum.Parse<MagickFormat>(format, ignoreCase: true),
            FrameIndex = 0,
            FrameCount = 1,
            BackgroundColor = instructions is null ? MagickColors.Transparent : Background(instructions),
        };
        var image = new MagickImage();
        string? truncated = null;
        image.Warning += (_, warning) => truncated ??= warning.Message.Contains("premature end", StringComparison.OrdinalIgnoreCase) ? warning.Message : null;
        try
        {
            if (settings.Format == MagickFormat.Svg)
            {
                settings.Width = instructions?.Width is { } width ? Pixels(width) : instructions?.Height is null ? DefaultSvgWidth : null;
                settings.Height = instructions?.Height is { } height ? Pixels(height) : null;
                using var svg = SvgDocument.Clean(path);
                image.Read(svg, settings);
            }
            else
            {
                var bytes = File.ReadAllBytes(path);
                if (settings.Format == MagickFormat.Sgi && SgiFile.IsCutOff(bytes))
                {
                    throw RenditionFailure.SourceCorrupt("The SGI file is cut off.");
                }

                CheckPixels(image, bytes, settings);
                image.Read(bytes, settings);
            }

            // ImageMagick fills the missing end of a JPEG with gray and only reports a warning.
            return truncated is null ? image : throw RenditionFailure.SourceCorrupt(truncated);
        }
        catch
        {
            image.Dispose();
            throw;
        }
    }

    /// <summary>Checks the number of pixels in the header before the image is decompressed. A small file may have more pixels than fit into memory.</summary>
    private static void CheckPixels(MagickImage image, byte[] bytes, MagickReadSettings settings)
    {
        image.Ping(bytes, settings);
        // The frame of a GIF may be smaller than its canvas.
        var (width, height) = (Math.Max(image.Width, image.Page.Width), Math.Max(image.Height, image.Page.Height));
        if ((ulong)width * height > ResourceLimits.Area)
        {
            throw RenditionFailure.SourceUnsupported($"The source has {width}×{height} pixels; the emulator's limit is {ResourceLimits.Area} in all.");
        }
    }

    private static bool KeepsTransparency(ImageInstructions instructions) => instructions.Background is null && instructions.Format is not ("jpg" or "jpeg");

    private static MagickColor Background(ImageInstructions instructions) =>
        instructions.Background is { } color ? new(color) : KeepsTransparency(instructions) ? MagickColors.Transparent : MagickColors.White;

    /// <summary>Flattens the image onto its background, over the whole canvas. The frame of a GIF may cover only a part of it.</summary>
    private static IMagickImage<byte> Flatten(MagickImage source, ImageInstructions instructions)
    {
        using var layers = new MagickImageCollection();
        layers.Add(source.Clone());
        var image = layers.Flatten(Background(instructions));

        // ImageMagick keeps an alpha channel when it flattens, and uses this filter to shrink images with one.
        image.FilterType = FilterType.Mitchell;
        return image;
    }

    private static void Shrink(IMagickImage<byte> image, double? width, double? height)
    {
        if (width is not null || height is not null)
        {
            image.Resize(new MagickGeometry(width is null ? 0 : Pixels(width.Value), height is null ? 0 : Pixels(height.Value)) { Greater = true });
        }
    }

    /// <summary>Draws the watermark. Fits it into the size of the uncropped rendition, enlarging it if necessary, and then applies the scale.</summary>
    private static void Draw(MagickImage watermark, IMagickImage<byte> image, PixelSize original, ImageInstructions instructions)
    {
        var shrink = Math.Min(1, Fit(original.Width, original.Height, instructions.Width, instructions.Height));
        var scale = Fit(watermark.Width, watermark.Height, original.Width * shrink, original.Height * shrink) * instructions.WatermarkScale;
        new Drawables()
            .Gravity(Gravity.Center)
            .Composite(0, 0, Pixels(watermark.Width * scale), Pixels(watermark.Height * scale), CompositeOperator.Over, watermark)
            .Draw(image);
    }

    private static double Fit(double width, double height, double? boxWidth, double? boxHeight) =>
        Math.Min((boxWidth ?? double.PositiveInfinity) / width, (boxHeight ?? double.PositiveInfinity) / height);

    private static void SetResolution(IMagickImage<byte> image, ImageInstructions instructions)
    {
        if (instructions.Dpi is { } dpi)
        {
            image.Density = new Density(dpi.X, dpi.Y, DensityUnit.PixelsPerInch);
        }

        if (instructions.ConvertToDpi is { } target)
        {
            image.Density = image.Density.Units == DensityUnit.Undefined
                ? new Density(image.Density.X, image.Density.Y, DensityUnit.PixelsPerInch)
                : image.Density.ChangeUnits(DensityUnit.PixelsPerInch);
            image.Resample(target.X, target.Y);
        }
    }

    /// <summary>Converts the colors of an image with a profile. Every rendition has the profile sRGB IEC61966-2.1.</summary>
    private static void ToSrgb(IMagickImage<byte> image)
    {
        if (!image.TransformColorSpace(ColorProfiles.SRGB))
        {
            image.ColorSpace = ColorSpace.sRGB;
        }

        image.SetProfile(ColorProfiles.SRGB);
    }

    private static MagickFormat WriteFormat(IMagickImage<byte> image, ImageInstructions instructions)
    {
        if (instructions.Quality is { } quality)
        {
            image.Quality = (uint)Math.Min(quality, uint.MaxValue);
        }

        if (instructions.Interlace)
        {
            image.Settings.Interlace = Interlace.Line;
        }

        // Each format ignores the settings of the others.
        image.Settings.SetDefine(MagickFormat.Png, "exclude-chunks", "date,tIME");
        image.Settings.SetDefine(MagickFormat.Tiff, "preserve-compression", true);
        image.Settings.SetDefine(MagickFormat.WebP, "lossless", false);
        if (instructions.CompressionLevel is { } level)
        {
            image.Settings.SetDefine(MagickFormat.Png, "compression-level", $"{(int)level}");
        }

        if (instructions.JpegSize is { } bytes)
        {
            image.Settings.SetDefine(MagickFormat.Jpeg, "extent", $"{(long)bytes}");
        }

        return Enum.Parse<MagickFormat>(instructions.Format, ignoreCase: true);
    }

    private static uint Pixels(double length) => (uint)Math.Clamp(Math.Round(length, MidpointRounding.AwayFromZero), 1, int.MaxValue);
}
