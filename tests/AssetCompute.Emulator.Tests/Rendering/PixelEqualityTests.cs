using System.Text.Json.Nodes;

namespace AssetCompute.Emulator.Tests;

/// <summary>
/// Each image instruction against the ImageMagick command line that Adobe's worker runs for it: not one pixel differs, and format,
/// resolution and interlace are the same.
/// </summary>
public sealed class PixelEqualityTests
{
    private const string Transparent = "rgba(0, 0, 0, 0.0)";
    private const string White = "rgb(255,255,255)";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string, string, string[]> Instructions => new()
    {
        { """{"fmt":"png","width":200,"height":200}""", "aitzgorri.jpg", ["-background", Transparent, "IN[0]", "-auto-orient", "-resize", "200x200>", "-define", "png:exclude-chunks=date", "-colorspace", "sRGB", "png:OUT"] },
        { """{"fmt":"png","width":319}""", "friends.jpg", ["-background", Transparent, "IN[0]", "-auto-orient", "-resize", "319>", "-define", "png:exclude-chunks=date", "-colorspace", "sRGB", "png:OUT"] },
        { """{"fmt":"gif","height":140}""", "friends.jpg", ["-background", Transparent, "IN[0]", "-auto-orient", "-resize", "x140>", "-colorspace", "sRGB", "gif:OUT"] },
        { """{"fmt":"webp","width":300}""", "sunset.jpg", ["-background", Transparent, "IN[0]", "-auto-orient", "-resize", "300>", "-define", "webp:lossless=false", "-colorspace", "sRGB", "webp:OUT"] },
        { """{"fmt":"tiff","width":300}""", "sunset.jpg", ["-background", Transparent, "IN[0]", "-auto-orient", "-resize", "300>", "-define", "tiff:preserve-compression=true", "-colorspace", "sRGB", "tiff:OUT"] },
        { """{"fmt":"jpg","width":1280,"height":1280,"quality":90,"interlace":true}""", "alpha.png", ["-background", White, "-quality", "90", "IN[0]", "-flatten", "-auto-orient", "-resize", "1280x1280>", "-interlace", "Line", "-colorspace", "sRGB", "jpg:OUT"] },
        { """{"fmt":"jpeg","quality":35}""", "sunset.jpg", ["-background", White, "-quality", "35", "IN[0]", "-flatten", "-auto-orient", "-colorspace", "sRGB", "jpeg:OUT"] },
        { """{"fmt":"png","crop":{"x":320,"y":70,"w":75,"h":75}}""", "aitzgorri.jpg", ["-background", Transparent, "IN[0]", "-auto-orient", "-crop", "75x75+320+70", "-define", "png:exclude-chunks=date", "-colorspace", "sRGB", "png:OUT"] },
        { """{"fmt":"jpg","crop":{"w":400,"h":300},"width":100}""", "aitzgorri.jpg", ["-background", White, "IN[0]", "-flatten", "-auto-orient", "-crop", "400x300+0+0", "-resize", "100>", "-colorspace", "sRGB", "jpg:OUT"] },
        { """{"fmt":"jpg","dpi":96}""", "sunset.jpg", ["-background", White, "-density", "96x96", "IN[0]", "-flatten", "-auto-orient", "-units", "pixelsperinch", "-colorspace", "sRGB", "jpg:OUT"] },
        { """{"fmt":"png","dpi":{"xdpi":72,"ydpi":144},"width":100}""", "sunset.jpg", ["-background", Transparent, "-density", "72x144", "IN[0]", "-auto-orient", "-resize", "100>", "-define", "png:exclude-chunks=date", "-units", "pixelsperinch", "-colorspace", "sRGB", "png:OUT"] },
        { """{"fmt":"jpg","convertToDpi":36}""", "dense.jpg", ["-background", White, "IN[0]", "-flatten", "-auto-orient", "-units", "pixelsperinch", "-resample", "36x36", "-colorspace", "sRGB", "jpg:OUT"] },
        { """{"fmt":"jpg","convertToDpi":{"xdpi":36,"ydpi":72}}""", "dense.jpg", ["-background", White, "IN[0]", "-flatten", "-auto-orient", "-units", "pixelsperinch", "-resample", "36x72", "-colorspace", "sRGB", "jpg:OUT"] },
        { """{"fmt":"jpg","jpegSize":30000}""", "aitzgorri.jpg", ["-background", White, "IN[0]", "-flatten", "-auto-orient", "-define", "jpeg:extent=30000", "-colorspace", "sRGB", "jpg:OUT"] },
        { """{"fmt":"png","width":100,"interlace":true,"compressionLevel":0}""", "sunset.jpg", ["-background", Transparent, "IN[0]", "-auto-orient", "-resize", "100>", "-define", "png:exclude-chunks=date", "-define", "png:compression-level=0", "-interlace", "Line", "-colorspace", "sRGB", "png:OUT"] },
        { """{"fmt":"png","width":500,"maxWidth":120,"maxHeight":60}""", "sunset.jpg", ["-background", Transparent, "IN[0]", "-auto-orient", "-resize", "500>", "-resize", "120x60>", "-define", "png:exclude-chunks=date", "-colorspace", "sRGB", "png:OUT"] },
        { """{"fmt":"png","width":200}""", "turned.jpg", ["-background", Transparent, "IN[0]", "-auto-orient", "-resize", "200>", "-define", "png:exclude-chunks=date", "-colorspace", "sRGB", "png:OUT"] },
        { """{"fmt":"png","pdfbgcolor":"#00f"}""", "alpha.png", ["-background", "#00f", "IN[0]", "-flatten", "-auto-orient", "-define", "png:exclude-chunks=date", "-colorspace", "sRGB", "png:OUT"] },
        { """{"fmt":"jpg","pdfbgcolor":128}""", "alpha.png", ["-background", "rgb(128,128,128)", "IN[0]", "-flatten", "-auto-orient", "-colorspace", "sRGB", "jpg:OUT"] },
        { """{"fmt":"png","width":512,"height":288,"watermark":{"image":"MARK","scale":0.5}}""", "aitzgorri.jpg", ["-background", Transparent, "IN[0]", "-auto-orient", "-resize", "512x288>", "-draw", "gravity Center image Over 0,0 216,108 \"MARK\"", "-define", "png:exclude-chunks=date", "-colorspace", "sRGB", "png:OUT"] },
        { """{"fmt":"jpg","height":200,"watermark":{"image":"MARK"}}""", "turned.jpg", ["-background", White, "IN[0]", "-flatten", "-auto-orient", "-resize", "x200>", "-draw", "gravity Center image Over 0,0 133,67 \"MARK\"", "-colorspace", "sRGB", "jpg:OUT"] },
    };

    [Theory]
    [MemberData(nameof(Instructions))]
    public async Task Instruction_gives_the_pixels_of_the_workers_command_line(string instructions, string source, string[] commandLine)
    {
        await using var emulator = await AssetComputeEmulator.StartAsync(Cancellation);
        using var client = await ServiceClient.RegisteredAsync(emulator);
        using var folder = new TempFolder();
        await PrepareAsync(folder);
        var input = File.Exists(folder[source]) ? folder[source] : TestFiles.PhotoPath(source);
        await emulator.Storage.PutAsync("source", await File.ReadAllBytesAsync(input, Cancellation), cancellationToken: Cancellation);
        var rendition = JsonNode.Parse(instructions)!.AsObject();
        if (rendition["watermark"] is { } watermark)
        {
            await emulator.Storage.PutAsync("mark", await File.ReadAllBytesAsync(folder["mark.png"], Cancellation), cancellationToken: Cancellation);
            watermark["image"] = emulator.Storage.CreateReadUrl("mark").AbsoluteUri;
        }

        rendition["target"] = emulator.Storage.CreateWriteUrl("result").AbsoluteUri;
        var created = await client.EventOfAsync(emulator.Storage.CreateReadUrl("source").AbsoluteUri, rendition);

        Assert.True(created["type"]!.GetValue<string>() == "rendition_created", created.ToJsonString());
        var expected = folder["expected"];
        await TestFiles.ConvertAsync([.. commandLine.Select(argument => argument
            .Replace("IN", input, StringComparison.Ordinal).Replace("OUT", expected, StringComparison.Ordinal).Replace("MARK", folder["mark.png"], StringComparison.Ordinal))]);
        var actual = await folder.SaveAsync("actual", (await emulator.Storage.GetAsync("result", Cancellation))!.Content);
        var (_, difference) = await TestFiles.RunAsync("compare", "-metric", "AE", expected, actual, "null:");
        Assert.Equal("0", difference.Trim());
        const string properties = "%m %wx%h %[units] %xx%y %[interlace] %A";
        Assert.Equal(await TestFiles.IdentifyAsync(properties, expected), await TestFiles.IdentifyAsync(properties, actual));
        Assert.Equal(await TestFiles.IdentifyAsync("%w %h", actual), $"{created["metadata"]!["tiff:imageWidth"]} {created["metadata"]!["tiff:imageHeight"]}");
    }

    [Fact]
    public async Task Jpeg_size_bounds_the_file()
    {
        await using var emulator = await AssetComputeEmulator.StartAsync(Cancellation);
        using var client = await ServiceClient.RegisteredAsync(emulator);
        var rendition = RenditionTests.Rendition(emulator, "result", "jpg");
        rendition["jpegSize"] = 30_000;

        var created = await client.EventOfAsync(RenditionTests.DataUri("aitzgorri.jpg"), rendition);

        Assert.InRange(created["metadata"]!["repo:size"]!.GetValue<long>(), 10_000, 30_000);
    }

    private static async Task PrepareAsync(TempFolder folder)
    {
        await TestFiles.ConvertAsync(TestFiles.PhotoPath("sunset.jpg"), "-resize", "300x200!", "-alpha", "set", "-channel", "A", "-evaluate", "set", "50%", $"png:{folder["alpha.png"]}");
        await TestFiles.ConvertAsync(TestFiles.PhotoPath("sunset.jpg"), "-units", "pixelsperinch", "-density", "144x144", $"jpg:{folder["dense.jpg"]}");
        await TestFiles.ConvertAsync("-size", "100x50", "gradient:red-blue", $"png:{folder["mark.png"]}");

        // Taken with the camera on its side: EXIF orientation 6, added by hand because ImageMagick only changes what is there.
        await TestFiles.ConvertAsync(TestFiles.PhotoPath("sunset.jpg"), "-strip", $"jpg:{folder["plain.jpg"]}");
        var plain = await File.ReadAllBytesAsync(folder["plain.jpg"], Cancellation);
        byte[] exif =
        [
            0xFF, 0xE1, 0, 34, (byte)'E', (byte)'x', (byte)'i', (byte)'f', 0, 0, (byte)'M', (byte)'M', 0, 42, 0, 0, 0, 8,
            0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0, 0, 0, 0, 0,
        ];
        await folder.SaveAsync("turned.jpg", (byte[])[.. plain[..2], .. exif, .. plain[2..]]);
    }
}
