using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
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
        var failed = await FailAsync($"data:image/png;base64,{Convert.ToBase64String(PngBomb(30_000, 30_000))}");

        Assert.Equal("SourceUnsupported", failed["errorReason"]!.GetValue<string>());
        Assert.Contains("30000×30000 pixels", failed["errorMessage"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Markup_that_would_take_for_ever_is_given_up()
    {
        var failed = await FailAsync($"data:text/html,{new string('<', 1_000_000)}", rendition => rendition["fmt"] = "text");

        Assert.Equal("SourceCorrupt", failed["errorReason"]!.GetValue<string>());
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

    /// <summary>A valid PNG of few bytes and very many pixels.</summary>
    private static byte[] PngBomb(int width, int height)
    {
        using var pixels = new MemoryStream();
        using (var zlib = new ZLibStream(pixels, CompressionLevel.Fastest, leaveOpen: true))
        {
            var row = new byte[width / 8 + 2];
            for (var y = 0; y < height; y++)
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
            var length = new byte[4];
            BinaryPrimitives.WriteInt32BigEndian(length, data.Length);
            return [.. length, .. Encoding.ASCII.GetBytes(type), .. data, 0, 0, 0, 0];
        }
    }
}
