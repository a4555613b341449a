using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using ImageMagick;
using Microsoft.AspNetCore.Http;

namespace AssetCompute.Emulator.Tests;

public sealed partial class HostileInputTests
{
    [Fact]
    public async Task Source_of_two_gigabytes_is_refused_before_it_is_fetched()
    {
        await using var emulator = await AssetComputeEmulator.StartAsync(Cancellation);
        using var client = await ServiceClient.RegisteredAsync(emulator);
        var gets = 0;
        await using var server = await ServeAsync(context =>
        {
            gets += HttpMethods.IsGet(context.Request.Method) ? 1 : 0;
            context.Response.ContentType = "image/jpeg";
            context.Response.ContentLength = 2L << 30;
            return Task.CompletedTask;
        });

        var failed = await client.EventOfAsync($"{server.Urls.First()}/big.jpg", RenditionTests.Rendition(emulator, "a", "png"));

        Assert.Equal("SourceUnsupported", failed["errorReason"]!.GetValue<string>());
        Assert.Contains("which is the emulator's limit", failed["errorMessage"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal(0, gets);
    }

    [Fact]
    public async Task Source_without_a_length_that_never_ends_is_cut_off()
    {
        await using var emulator = await AssetComputeEmulator.StartAsync(options => options.Rendering.MaxSourceBytes = 1 << 20, Cancellation);
        using var client = await ServiceClient.RegisteredAsync(emulator);
        await using var server = await ServeAsync(async context =>
        {
            context.Response.ContentType = "image/jpeg";
            while (HttpMethods.IsGet(context.Request.Method) && !context.RequestAborted.IsCancellationRequested)
            {
                await context.Response.Body.WriteAsync(new byte[64 * 1024], context.RequestAborted);
            }
        });

        var failed = await client.EventOfAsync($"{server.Urls.First()}/endless.jpg", RenditionTests.Rendition(emulator, "a", "png"));

        Assert.Contains("more than 1048576 bytes", failed["errorMessage"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Decompression_bomb_is_refused_by_its_header()
    {
        var failed = await FailAsync($"data:image/png;base64,{Convert.ToBase64String(PngBomb(50_000, 50_000))}");

        Assert.Equal("SourceUnsupported", failed["errorReason"]!.GetValue<string>());
        Assert.Contains("50000×50000 pixels", failed["errorMessage"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(MagickFormat.Png)]
    [InlineData(MagickFormat.Jpeg)]
    [InlineData(MagickFormat.Gif)]
    [InlineData(MagickFormat.Tiff)]
    [InlineData(MagickFormat.WebP)]
    [InlineData(MagickFormat.Bmp)]
    [InlineData(MagickFormat.Psd)]
    [InlineData(MagickFormat.Sgi)]
    public async Task Image_that_is_cut_off_is_corrupt(MagickFormat format)
    {
        var whole = Images.Small("sunset.jpg", 300, format);

        var failed = await FailAsync($"data:application/octet-stream;base64,{Convert.ToBase64String(whole.AsSpan(0, whole.Length / 2))}");

        Assert.Equal("SourceCorrupt", failed["errorReason"]!.GetValue<string>());
    }

    [Fact]
    public async Task Of_a_gif_with_frames_without_end_the_first_is_taken()
    {
        var emulator = shared.Emulator;
        using var client = await shared.NewClientAsync();
        var gif = Images.Plain("red", 4, 4, MagickFormat.Gif);
        var frame = gif.AsSpan(gif.AsSpan().IndexOf((byte)0x2C)..^1).ToArray();
        byte[] endless = [.. gif[..^1], .. Enumerable.Repeat(frame, 100_000).SelectMany(bytes => bytes)];

        var created = await client.EventOfAsync($"data:image/gif;base64,{Convert.ToBase64String(endless)}", RenditionTests.Rendition(emulator, "first-frame", "png"));

        Assert.True(created["type"]!.GetValue<string>() == "rendition_created", created.ToJsonString());
        using var image = await Images.ReadAsync(emulator, "first-frame");
        Assert.Equal("Png 4x4", image.Describe());
    }

    [Fact]
    public async Task Svg_that_is_nested_a_hundred_thousand_deep_is_refused()
    {
        var svg = $"<svg xmlns=\"http://www.w3.org/2000/svg\">{string.Concat(Enumerable.Repeat("<g>", 100_000))}{string.Concat(Enumerable.Repeat("</g>", 100_000))}</svg>";

        var failed = await FailAsync($"data:image/svg+xml;base64,{Convert.ToBase64String(Encoding.UTF8.GetBytes(svg))}");

        Assert.Equal("SourceUnsupported", failed["errorReason"]!.GetValue<string>());
        Assert.EndsWith("nested more than 256 deep.", failed["errorMessage"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Svg_with_a_billion_entities_is_refused()
    {
        var entities = string.Concat(Enumerable.Range(1, 9).Select(i => $"<!ENTITY e{i} \"{string.Concat(Enumerable.Repeat($"&e{i - 1};", 10))}\">"));
        var svg = $"<!DOCTYPE svg [<!ENTITY e0 \"x\">{entities}]><svg xmlns=\"http://www.w3.org/2000/svg\" width=\"9\" height=\"9\"><text>&e9;</text></svg>";

        var failed = await FailAsync($"data:image/svg+xml;base64,{Convert.ToBase64String(Encoding.UTF8.GetBytes(svg))}");

        Assert.Equal("SourceCorrupt", failed["errorReason"]!.GetValue<string>());
    }

    [Fact]
    public async Task Pdf_that_unpacks_to_more_than_the_memory_is_refused()
    {
        using var packed = new MemoryStream();
        await using (var zlib = new ZLibStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            var line = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("(words) Tj\n", 10_000)));
            for (var i = 0; i < 1_500; i++)
            {
                await zlib.WriteAsync(line, Cancellation);
            }
        }

        var pdf = PdfFile.Of(packed.ToArray(), "/FlateDecode");
        var failed = await FailAsync(
            $"data:application/pdf;base64,{Convert.ToBase64String(pdf)}",
            rendition => rendition["fmt"] = "text",
            options => options.MaxMemoryBytes = 64 << 20);

        Assert.Equal("SourceUnsupported", failed["errorReason"]!.GetValue<string>());
    }

    [Fact]
    public async Task Image_that_needs_more_memory_than_allowed_is_refused()
    {
        var failed = await FailAsync(RenditionTests.DataUri("aitzgorri.jpg"), change: null, options => options.MaxMemoryBytes = 5 << 19);

        Assert.Equal("SourceUnsupported", failed["errorReason"]!.GetValue<string>());
        Assert.StartsWith("The source needs more than the emulator's limits allow: ", failed["errorMessage"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("<")]
    [InlineData("<script>")]
    public async Task Markup_that_never_ends_is_read(string tag)
    {
        using var client = await shared.NewClientAsync();
        var source = $"data:text/html,{string.Concat(Enumerable.Repeat(tag, 200_000))}Words";

        var created = await client.EventOfAsync(source, RenditionTests.Rendition(shared.Emulator, "markup.txt", "text"));

        Assert.Equal("rendition_created", created["type"]!.GetValue<string>());
        var text = (await shared.Emulator.Storage.GetAsync("markup.txt", Cancellation))!;
        Assert.EndsWith("Words\n", Encoding.UTF8.GetString(text.Content.Span), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rendering_that_takes_too_long_is_killed_and_says_how_long_it_took()
    {
        await using var emulator = await AssetComputeEmulator.StartAsync(options => options.Rendering.TimeLimit = TimeSpan.FromMilliseconds(1), Cancellation);
        using var client = await ServiceClient.RegisteredAsync(emulator);

        var failed = await client.EventOfAsync(RenditionTests.DataUri("aitzgorri.jpg"), RenditionTests.Rendition(emulator, "a", "png"));

        Assert.Equal("GenericError", failed["errorReason"]!.GetValue<string>());
        Assert.Equal("Processing timed out for rendition fmt='undefined' without result after 0.001 seconds.", failed["errorMessage"]!.GetValue<string>());
        Assert.True(failed["duration"]!.GetValue<double>() > 0);
    }

    [Fact]
    public async Task Source_whose_server_never_answers_is_given_up()
    {
        await using var emulator = await AssetComputeEmulator.StartAsync(
            options =>
            {
                options.Rendering.TimeLimit = TimeSpan.FromMilliseconds(50);
                options.Spelling = WireSpelling.Documentation;
            },
            Cancellation);
        using var client = await ServiceClient.RegisteredAsync(emulator);
        await using var server = await ServeAsync(context => Task.Delay(Timeout.Infinite, context.RequestAborted));

        var failed = await client.EventOfAsync($"{server.Urls.First()}/silent.jpg", RenditionTests.Rendition(emulator, "a", "png"));

        Assert.Equal("The download took more than 0.05 seconds.", failed["errorMessage"]!.GetValue<string>());
    }

    /// <summary>A PNG of few bytes whose header declares a huge number of pixels.</summary>
    private static byte[] PngBomb(int width, int height)
    {
        using var pixels = new MemoryStream();
        using (var zlib = new ZLibStream(pixels, CompressionLevel.Fastest, leaveOpen: true))
        {
            var row = new byte[width / 8 + 2];
            for (var y = 0; y < Math.Min(height, 1000); y++)
            {
                zlib.Write(row);
            }
        }

        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        header[8] = 1;
        return [0x89, .. "PNG\r\n\u001a\n"u8, .. Chunk("IHDR", header), .. Chunk("IDAT", pixels.ToArray()), .. Chunk("IEND", [])];

        static byte[] Chunk(string type, byte[] data)
        {
            var (length, checksum) = (new byte[4], new byte[4]);
            byte[] content = [.. Encoding.ASCII.GetBytes(type), .. data];
            BinaryPrimitives.WriteInt32BigEndian(length, data.Length);
            BinaryPrimitives.WriteUInt32BigEndian(checksum, Crc32(content));
            return [.. length, .. content, .. checksum];
        }

        static uint Crc32(byte[] data) => ~data.Aggregate(uint.MaxValue, (crc, value) =>
            Enumerable.Range(0, 8).Aggregate(crc ^ value, (bits, _) => (bits & 1) != 0 ? 0xEDB8_8320 ^ (bits >> 1) : bits >> 1));
    }
}
