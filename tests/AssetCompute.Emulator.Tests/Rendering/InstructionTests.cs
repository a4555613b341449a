using System.Text.Json.Nodes;
using ImageMagick;

namespace AssetCompute.Emulator.Tests;

/// <summary>The effect of each image instruction on the rendition: size, resolution, orientation, profile, and colors.</summary>
public sealed class InstructionTests(SharedEmulator shared) : IClassFixture<SharedEmulator>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("""{"fmt":"png","width":200,"height":200}""", "aitzgorri.jpg", "Png 200x133")]
    [InlineData("""{"fmt":"png","width":320}""", "friends.jpg", "Png 320x480")]
    [InlineData("""{"fmt":"png","wid":"320"}""", "friends.jpg", "Png 320x480")]
    [InlineData("""{"fmt":"gif","height":140}""", "friends.jpg", "Gif 93x140")]
    [InlineData("""{"fmt":"webp","width":"300"}""", "sunset.jpg", "WebP 300x200")]
    [InlineData("""{"fmt":"tiff","width":300,"height":""}""", "sunset.jpg", "Tiff 300x200")]
    [InlineData("""{"fmt":"jpg","width":1280,"height":1280}""", "aitzgorri.jpg", "Jpeg 1200x800")]
    [InlineData("""{"fmt":"png","crop":{"x":320,"y":70,"w":75,"h":75}}""", "aitzgorri.jpg", "Png 75x75")]
    [InlineData("""{"fmt":"png","crop":{"x":"320","y":"70","w":"75","h":"75"}}""", "aitzgorri.jpg", "Png 75x75")]
    [InlineData("""{"fmt":"jpg","crop":{"w":400,"h":300},"width":100}""", "aitzgorri.jpg", "Jpeg 100x75")]
    [InlineData("""{"fmt":"png","width":500,"maxWidth":120,"maxHeight":60}""", "sunset.jpg", "Png 90x60")]
    [InlineData("""{"fmt":"jpg","dpi":96}""", "sunset.jpg", "Jpeg 900x600")]
    public async Task Size_is_as_asked(string instructions, string photo, string expected)
    {
        using var image = await RenderAsync(instructions, TestFiles.Photo(photo));

        Assert.Equal(expected, image.Describe());
    }

    [Theory]
    [InlineData("""{"fmt":"jpg","dpi":96}""", 96, 96)]
    [InlineData("""{"fmt":"jpg","dpi":"96"}""", 96, 96)]
    [InlineData("""{"fmt":"tiff","dpi":{"xdpi":72,"ydpi":144}}""", 72, 144)]
    [InlineData("""{"fmt":"png","dpi":{"xdpi":72,"ydpi":144},"width":100}""", 72, 144)]
    public async Task Dpi_sets_the_resolution(string instructions, double x, double y)
    {
        using var image = await RenderAsync(instructions, TestFiles.Photo("sunset.jpg"));

        var density = image.Density.ChangeUnits(DensityUnit.PixelsPerInch);
        Assert.Equal(x, density.X, 0.02);
        Assert.Equal(y, density.Y, 0.02);
    }

    [Theory]
    [InlineData("36", 50, 25)]
    [InlineData("\"36\"", 50, 25)]
    [InlineData("{\"xdpi\":36,\"ydpi\":72}", 50, 50)]
    public async Task ConvertToDpi_changes_the_pixels(string dpi, uint width, uint height)
    {
        using var source = new MagickImage(MagickColors.Red, 200, 100) { Density = new Density(144, 144, DensityUnit.PixelsPerInch) };

        using var image = await RenderAsync($$"""{"fmt":"jpg","convertToDpi":{{dpi}}}""", source.ToByteArray(MagickFormat.Jpeg));

        Assert.Equal($"Jpeg {width}x{height}", image.Describe());
        Assert.Equal(36, image.Density.X);
    }

    [Theory]
    [InlineData("30000")]
    [InlineData("\"30000\"")]
    public async Task JpegSize_bounds_the_file(string size)
    {
        using var image = await RenderAsync($$"""{"fmt":"jpg","jpegSize":{{size}}}""", TestFiles.Photo("aitzgorri.jpg"), bytes => Assert.InRange(bytes, 10_000, 30_000));

        Assert.Equal("Jpeg 1200x800", image.Describe());
    }

    [Theory]
    [InlineData("jpg", 35)]
    [InlineData("jpeg", 90)]
    public async Task Quality_is_the_jpegs(string format, uint quality)
    {
        using var image = await RenderAsync($$"""{"fmt":"{{format}}","quality":{{quality}}}""", TestFiles.Photo("sunset.jpg"));

        Assert.Equal(quality, image.Quality);
    }

    [Theory]
    [InlineData("png", Interlace.Png)]
    [InlineData("jpg", Interlace.Jpeg)]
    [InlineData("gif", Interlace.Gif)]
    public async Task Interlace_is_written(string format, Interlace expected)
    {
        using var image = await RenderAsync($$"""{"fmt":"{{format}}","width":100,"interlace":true}""", TestFiles.Photo("sunset.jpg"));

        Assert.Equal(expected, image.Interlace);
    }

    [Theory]
    [InlineData(0, 3 * 90 * 60, int.MaxValue)]
    [InlineData(9, 0, 3 * 90 * 60)]
    public async Task CompressionLevel_is_the_pngs(int level, int least, int most)
    {
        using var image = await RenderAsync($$"""{"fmt":"png","compressionLevel":{{level}}}""", Images.Small("sunset.jpg", 90), bytes => Assert.InRange(bytes, least, most));

        Assert.Equal("Png 90x60", image.Describe());
    }

    [Theory]
    [InlineData(MagickFormat.Jpeg, 6, "Png 50x100", "top")]
    [InlineData(MagickFormat.Png, 6, "Png 50x100", "top")]
    [InlineData(MagickFormat.Jpeg, 8, "Png 50x100", "bottom")]
    [InlineData(MagickFormat.Png, 8, "Png 50x100", "bottom")]
    [InlineData(MagickFormat.Jpeg, 2, "Png 100x50", "right")]
    [InlineData(MagickFormat.Png, 3, "Png 100x50", "right")]
    public async Task Orientation_is_applied_and_said_no_more(MagickFormat format, int orientation, string size, string red)
    {
        // The left half is red. EXIF specifies the orientation of the camera.
        using var source = new MagickImage(MagickColors.Blue, 100, 50);
        using var half = new MagickImage(MagickColors.Red, 50, 50);
        source.Composite(half, 0, 0);
        var exif = new ExifProfile();
        exif.SetValue(ExifTag.Orientation, (ushort)orientation);
        source.SetProfile(exif);
        source.Orientation = (Orientation)orientation;

        using var image = await RenderAsync("""{"fmt":"png"}""", source.ToByteArray(format));

        Assert.Equal(size, image.Describe());
        Assert.Contains(image.Orientation, (Orientation[])[Orientation.TopLeft, Orientation.Undefined]);
        var (x, y) = red switch { "top" => (25, 10), "bottom" => (25, 90), _ => (90, 25) };
        Assert.Matches("^#F[0-9A-F]0[0-9A-F]0[0-9A-F]FF$", image.ColorAt(x, y));
        Assert.Matches("^#0[0-9A-F]0[0-9A-F]F[0-9A-F]FF$", image.ColorAt((int)image.Width - 1 - x, (int)image.Height - 1 - y));
    }

    [Theory]
    [InlineData("png")]
    [InlineData("jpg")]
    [InlineData("tiff")]
    [InlineData("webp")]
    public async Task Rendition_of_an_image_without_a_profile_is_marked_as_sRGB(string format)
    {
        using var image = await RenderAsync($$"""{"fmt":"{{format}}"}""", Images.Plain("#A0785A", 20, 20));

        AssertIsSrgb(image);
        AssertColor(image, 160, 120, 90, 2);
    }

    [Fact]
    public async Task Colors_of_another_profile_are_transformed()
    {
        using var source = new MagickImage(new MagickColor("#A0785A"), 20, 20);
        source.SetProfile(ColorProfiles.AdobeRGB1998);

        using var image = await RenderAsync("""{"fmt":"png"}""", source.ToByteArray(MagickFormat.Png));

        // The expected color follows from the definitions of the two color spaces for Adobe RGB (160, 120, 90).
        AssertIsSrgb(image);
        AssertColor(image, 174, 121, 88, 2);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Four_color_print_becomes_sRGB(bool hasProfile)
    {
        using var source = new MagickImage(new MagickColor("#2060C0"), 20, 20);
        if (hasProfile)
        {
            source.TransformColorSpace(ColorProfiles.SRGB, ColorProfiles.CoatedFOGRA39);
        }
        else
        {
            source.ColorSpace = ColorSpace.CMYK;
        }

        using var image = await RenderAsync("""{"fmt":"png"}""", source.ToByteArray(MagickFormat.Jpeg));

        Assert.Equal(ColorSpace.sRGB, image.ColorSpace);
        AssertIsSrgb(image);
        AssertColor(image, 32, 96, 192, hasProfile ? 40 : 6);
    }

    [Theory]
    [InlineData("png")]
    [InlineData("tiff")]
    [InlineData("webp")]
    public async Task Transparency_stays_where_the_format_has_it(string format)
    {
        using var source = Images.Photo("sunset.jpg");
        source.Resize(90, 0);
        source.Alpha(AlphaAction.Set);
        source.Evaluate(Channels.Alpha, EvaluateOperator.Set, 128);

        using var image = await RenderAsync($$"""{"fmt":"{{format}}"}""", source.ToByteArray(MagickFormat.Png));

        Assert.True(image.HasAlpha);
        Assert.Equal(128, image.GetPixels().GetPixel(10, 10).ToColor()!.A);
    }

    [Theory]
    [InlineData("""{"fmt":"jpg"}""", 255, 127, 127)]
    [InlineData("""{"fmt":"jpg","pdfbgcolor":128}""", 192, 64, 64)]
    [InlineData("""{"fmt":"jpg","pdfbgcolor":"#000"}""", 128, 0, 0)]
    [InlineData("""{"fmt":"png","pdfbgcolor":"#00f"}""", 128, 0, 127)]
    [InlineData("""{"fmt":"png","pdfbgcolor":"0"}""", 128, 0, 0)]
    public async Task Transparency_is_laid_on_the_background(string instructions, int red, int green, int blue)
    {
        using var image = await RenderAsync(instructions, Images.Plain("#FF000080", 20, 20));

        AssertColor(image, red, green, blue, 3);
    }

    [Theory]
    [InlineData("""{"fmt":"png","width":150}""", FilterType.Lanczos, FilterType.Mitchell)]
    [InlineData("""{"fmt":"png","width":150,"pdfbgcolor":"#fff"}""", FilterType.Mitchell, FilterType.Lanczos)]
    public async Task Flattened_images_are_shrunk_softly_and_others_sharply(string instructions, FilterType expected, FilterType other)
    {
        using var image = await RenderAsync(instructions, TestFiles.Photo("aitzgorri.jpg"));

        Assert.True(Distance(expected) < Distance(other) / 3, $"{expected}: {Distance(expected)}, {other}: {Distance(other)}");

        double Distance(FilterType filter)
        {
            using var shrunk = Images.Photo("aitzgorri.jpg");
            shrunk.FilterType = filter;
            shrunk.Resize(150, 0);
            return image.Compare(shrunk, ErrorMetric.RootMeanSquared);
        }
    }

    [Fact]
    public async Task Shrinking_keeps_the_mean_color()
    {
        using var photo = Images.Photo("sunset.jpg");

        using var image = await RenderAsync("""{"fmt":"png","width":90}""", TestFiles.Photo("sunset.jpg"));

        var (before, after) = (photo.Statistics(), image.Statistics());
        foreach (var channel in new[] { PixelChannel.Red, PixelChannel.Green, PixelChannel.Blue })
        {
            Assert.Equal(before.GetChannel(channel)!.Mean, after.GetChannel(channel)!.Mean, 1.0);
        }
    }

    [Theory]
    [InlineData(512, 288, 0.5, 216, 108)]
    [InlineData(512, 288, "\"0.5\"", 216, 108)]
    [InlineData(240, null, 1.0, 240, 120)]
    public async Task Watermark_fills_its_share_of_the_box_from_the_middle(int width, int? height, object scale, int markWidth, int markHeight)
    {
        var mark = Convert.ToBase64String(Images.Plain("red", 100, 50));
        var size = height is null ? $"\"width\":{width}" : $"\"width\":{width},\"height\":{height}";
        var value = scale is double number ? number.ToString(System.Globalization.CultureInfo.InvariantCulture) : scale;

        using var image = await RenderAsync($$$"""{"fmt":"png",{{{size}}},"watermark":{"image":"data:image/png;base64,{{{mark}}}","scale":{{{value}}}}}""", TestFiles.Photo("aitzgorri.jpg"));

        var (left, top) = ((int)(image.Width - markWidth) / 2, (int)(image.Height - markHeight) / 2);
        Assert.Equal("#FF0000FF", image.ColorAt((int)image.Width / 2, (int)image.Height / 2));
        Assert.Equal("#FF0000FF", image.ColorAt(left + 2, top + 2));
        Assert.Equal("#FF0000FF", image.ColorAt(left + markWidth - 3, top + markHeight - 3));
        Assert.True(top == 0 || image.ColorAt(left + 2, top - 2) != "#FF0000FF");
        Assert.True(left == 0 || image.ColorAt(left - 2, top + 2) != "#FF0000FF");
    }

    [Theory]
    [InlineData(MagickFormat.Bmp)]
    [InlineData(MagickFormat.Gif)]
    [InlineData(MagickFormat.Tiff)]
    [InlineData(MagickFormat.WebP)]
    [InlineData(MagickFormat.Psd)]
    [InlineData(MagickFormat.Sgi)]
    public async Task Sources_of_many_formats_are_read(MagickFormat format)
    {
        using var image = await RenderAsync("""{"fmt":"png","width":10}""", Images.Plain("#2060C0", 20, 30, format));

        Assert.Equal("Png 10x15", image.Describe());
        AssertColor(image, 32, 96, 192, 4);
    }

    /// <summary>Asserts that the image is sRGB, which a PNG can declare in a chunk instead of a profile.</summary>
    private static void AssertIsSrgb(MagickImage image) =>
        Assert.True(image.GetColorProfile()?.Description == "sRGB IEC61966-2.1" || image.GetAttribute("png:sRGB") == "intent=0 (Perceptual Intent)");

    private static void AssertColor(MagickImage image, int red, int green, int blue, int tolerance)
    {
        var color = image.GetPixels().GetPixel((int)image.Width / 2, (int)image.Height / 2).ToColor()!;
        Assert.True(
            Math.Abs(color.R - red) <= tolerance && Math.Abs(color.G - green) <= tolerance && Math.Abs(color.B - blue) <= tolerance,
            $"({color.R}, {color.G}, {color.B}) is not ({red}, {green}, {blue})");
    }

    private async Task<MagickImage> RenderAsync(string instructions, byte[] source, Action<int>? checkLength = null)
    {
        var emulator = shared.Emulator;
        using var client = await shared.NewClientAsync();
        await emulator.Storage.PutAsync("source", source, cancellationToken: Cancellation);
        var rendition = JsonNode.Parse(instructions)!.AsObject();
        rendition["target"] = emulator.Storage.CreateWriteUrl("result").AbsoluteUri;

        var created = await client.EventOfAsync(emulator.Storage.CreateReadUrl("source").AbsoluteUri, rendition);

        Assert.True(created["type"]!.GetValue<string>() == "rendition_created", created.ToJsonString());
        checkLength?.Invoke(created["metadata"]!["repo:size"]!.GetValue<int>());
        var image = await Images.ReadAsync(emulator, "result");
        Assert.Equal($"{image.Width} {image.Height}", $"{created["metadata"]!["tiff:imageWidth"]} {created["metadata"]!["tiff:imageHeight"]}");
        return image;
    }
}
