using System.Security.Cryptography;
using System.Text.Json.Nodes;
using AssetCompute.Client.Tests.Time;

namespace AssetCompute.Emulator.Tests;

public sealed class RenditionTests(SharedEmulator shared) : IClassFixture<SharedEmulator>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("png", "image/png", "Png")]
    [InlineData("jpg", "image/jpeg", "Jpeg")]
    [InlineData("jpeg", "image/jpeg", "Jpeg")]
    [InlineData("gif", "image/gif", "Gif")]
    [InlineData("tif", "image/tiff", "Tiff")]
    [InlineData("tiff", "image/tiff", "Tiff")]
    [InlineData("webp", "image/webp", "WebP")]
    public async Task Format_is_rendered_uploaded_and_described_by_its_event(string format, string mediaType, string magick)
    {
        var emulator = shared.Emulator;
        using var client = await shared.NewClientAsync();
        await emulator.Storage.PutAsync("source", TestFiles.Photo("friends.jpg"), "image/jpeg", Cancellation);

        var created = await client.EventOfAsync(emulator.Storage.CreateReadUrl("source").AbsoluteUri, Rendition(emulator, "result", format, width: 120));

        Assert.Equal("rendition_created", created["type"]!.GetValue<string>());
        var blob = (await emulator.Storage.GetAsync("result", Cancellation))!;
        using var image = await Images.ReadAsync(emulator, "result");
        Assert.Equal($"{magick} 120x180", image.Describe());
        var metadata = created["metadata"]!;
        Assert.Equal(blob.Content.Length, metadata["repo:size"]!.GetValue<long>());
        Assert.Equal(Convert.ToHexStringLower(CryptographicOperations.HashData(HashAlgorithmName.SHA1, blob.Content.Span)), metadata["repo:sha1"]!.GetValue<string>());
        Assert.Equal(mediaType, metadata["dc:format"]!.GetValue<string>());
        Assert.Equal(120, metadata["tiff:imageWidth"]!.GetValue<int>());
        Assert.Equal(180, metadata["tiff:imageHeight"]!.GetValue<int>());
        Assert.Equal(mediaType, blob.ContentType);
    }

    [Theory]
    [InlineData(300, 300, 200, 300)]
    [InlineData(300, null, 300, 450)]
    [InlineData(null, 300, 200, 300)]
    [InlineData(5000, 5000, 600, 900)]
    [InlineData(null, null, 600, 900)]
    public async Task Size_fits_the_box_keeps_the_aspect_and_never_enlarges(int? width, int? height, int seenWidth, int seenHeight)
    {
        var emulator = shared.Emulator;
        using var client = await shared.NewClientAsync();
        await emulator.Storage.PutAsync("source", TestFiles.Photo("friends.jpg"), "image/jpeg", Cancellation);

        var created = await client.EventOfAsync(emulator.Storage.CreateReadUrl("source").AbsoluteUri, Rendition(emulator, "result", "png", width, height));

        Assert.Equal(seenWidth, created["metadata"]!["tiff:imageWidth"]!.GetValue<int>());
        Assert.Equal(seenHeight, created["metadata"]!["tiff:imageHeight"]!.GetValue<int>());
    }

    [Fact]
    public async Task Event_has_every_member_as_the_code_spells_it()
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));
        await using var emulator = await AssetComputeEmulator.StartAsync(options => options.TimeProvider = clock, Cancellation);
        using var client = await ServiceClient.RegisteredAsync(emulator);
        await emulator.Storage.PutAsync("source", TestFiles.Photo("sunset.jpg"), "image/jpeg", Cancellation);
        var source = emulator.Storage.CreateReadUrl("source").AbsoluteUri;
        var rendition = Rendition(emulator, "result", "png", width: 48);
        rendition["userData"] = new JsonObject { ["mine"] = 1 };
        rendition["custom"] = new JsonArray("kept", 2.50);

        using var response = await client.PostAsync("/process", new JsonObject
        {
            ["source"] = new JsonObject { ["url"] = source, ["mimeType"] = "image/jpeg" },
            ["renditions"] = new JsonArray(rendition.DeepClone()),
            ["userData"] = new JsonObject { ["assetComputeClient"] = new JsonObject { ["id"] = "abc" } },
        }, requestId: "the-request");
        var created = (await client.EventsAsync(1))[0];

        Assert.Equal("2026-01-02T03:04:05.000Z", created["date"]!.GetValue<string>());
        Assert.Equal("the-request", created["requestId"]!.GetValue<string>());
        Assert.Equal(source, created["source"]!.GetValue<string>());
        Assert.Equal("""{"assetComputeClient":{"id":"abc"}}""", created["userData"]!.ToJsonString());
        rendition.Remove("target");
        Assert.True(JsonNode.DeepEquals(rendition, created["rendition"]), created.ToJsonString());
        Assert.Equal(["date", "metadata", "rendition", "requestId", "source", "type", "userData"], created.Select(member => member.Key).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Event_in_the_documentations_spelling()
    {
        await using var emulator = await AssetComputeEmulator.StartAsync(options => options.Spelling = WireSpelling.Documentation, Cancellation);
        using var client = await ServiceClient.RegisteredAsync(emulator);
        await emulator.Storage.PutAsync("source", TestFiles.Photo("sunset.jpg"), "image/jpeg", Cancellation);
        var source = emulator.Storage.CreateReadUrl("source").AbsoluteUri;
        var rendition = Rendition(emulator, "result", "png", width: 48);
        rendition["userData"] = new JsonObject { ["mine"] = 1 };

        var created = await client.EventOfAsync(source, rendition);

        Assert.Equal(source, created["source"]!["url"]!.GetValue<string>());
        Assert.Equal("""{"mine":1}""", created["userData"]!.ToJsonString());
        Assert.Equal(48, created["metadata"]!["tiff:ImageWidth"]!.GetValue<int>());
        Assert.Equal(32, created["metadata"]!["tiff:ImageLength"]!.GetValue<int>());
        Assert.Null(created["metadata"]!["tiff:imageWidth"]);
    }

    [Fact]
    public async Task Upload_carries_length_and_type_and_nothing_else()
    {
        await using var emulator = await AssetComputeEmulator.StartAsync(Cancellation);
        using var client = await ServiceClient.RegisteredAsync(emulator);

        await client.EventOfAsync(DataUri("friends.jpg"), Rendition(emulator, "result", "png", width: 20));

        var upload = Assert.Single(emulator.Calls.Of(EmulatorOperation.BlobWrite));
        Assert.Equal(["Content-Length", "Content-Type", "Host"], upload.Headers.Keys.Order(StringComparer.Ordinal));
        Assert.Equal("image/png", upload.Headers["content-type"]);
    }

    [Fact]
    public async Task Watermark_is_laid_over_the_picture()
    {
        var emulator = shared.Emulator;
        using var client = await shared.NewClientAsync();
        var rendition = Rendition(emulator, "result", "png", width: 300);
        rendition["watermark"] = new JsonObject
        {
            ["image"] = $"data:image/png;base64,{Convert.ToBase64String(Images.Plain("red", 100, 50))}",
            ["scale"] = 0.5,
        };

        await client.EventOfAsync(DataUri("sunset.jpg"), rendition);

        using var image = await Images.ReadAsync(emulator, "result");
        Assert.Equal("Png 300x200", image.Describe());
        Assert.Equal("#FF0000FF", image.ColorAt(150, 100));
        Assert.Equal("#FF0000FF", image.ColorAt(80, 70));
        Assert.NotEqual("#FF0000FF", image.ColorAt(70, 60));
    }

    [Theory]
    [InlineData("junk", "image/jpeg", "SourceCorrupt")]
    [InlineData("truncated", "image/jpeg", "SourceCorrupt")]
    [InlineData("empty", "image/jpeg", "SourceCorrupt")]
    [InlineData("junk", "application/x-unknown", "RenditionFormatUnsupported")]
    public async Task Source_that_is_no_picture_fails_with_its_reason(string kind, string mediaType, string reason)
    {
        var emulator = shared.Emulator;
        using var client = await shared.NewClientAsync();
        byte[] content = kind switch
        {
            "junk" => [.. Enumerable.Range(0, 5000).Select(i => (byte)(i * 7))],
            "truncated" => TestFiles.Photo("friends.jpg")[..20_000],
            _ => [],
        };
        await emulator.Storage.PutAsync("source", content, mediaType, Cancellation);

        var failed = await client.EventOfAsync(emulator.Storage.CreateReadUrl("source").AbsoluteUri, Rendition(emulator, "none", "png"));

        Assert.Equal("rendition_failed", failed["type"]!.GetValue<string>());
        Assert.Equal(reason, failed["errorReason"]!.GetValue<string>());
        Assert.NotEmpty(failed["errorMessage"]!.GetValue<string>());
        Assert.Null(failed["metadata"]);
        Assert.False(emulator.Storage.Exists("none"));
    }

    [Theory]
    [InlineData(new byte[0])]
    [InlineData(new byte[] { (byte)'M', (byte)'M', 0, 42, 255, 255, 255, 255 })]
    [InlineData(new byte[] { (byte)'I', (byte)'I', 42, 0, 8, 0, 0, 0, 255, 255, 1, 2, 3 })]
    public async Task Broken_metadata_is_no_broken_picture(byte[] exif)
    {
        var emulator = shared.Emulator;
        using var client = await shared.NewClientAsync();
        var photo = TestFiles.Photo("friends.jpg");
        byte[] broken = [.. photo[..2], 0xFF, 0xE1, 0, (byte)(8 + exif.Length), .. "Exif\0\0"u8, .. exif, .. photo[2..]];

        var created = await client.EventOfAsync($"data:image/jpeg;base64,{Convert.ToBase64String(broken)}", Rendition(emulator, "result", "png", width: 20));

        Assert.True(created["type"]!.GetValue<string>() == "rendition_created", created.ToJsonString());
        Assert.Equal(30, created["metadata"]!["tiff:imageHeight"]!.GetValue<int>());
    }

    [Fact]
    public async Task Unknown_format_fails_and_the_other_renditions_do_not()
    {
        var emulator = shared.Emulator;
        using var client = await shared.NewClientAsync();

        await client.ProcessAsync(DataUri("friends.jpg"), Rendition(emulator, "one", "xyz"), Rendition(emulator, "two", "png", width: 10));
        var events = await client.EventsAsync(2);

        var failed = events.Single(@event => @event["type"]!.GetValue<string>() == "rendition_failed");
        Assert.Equal("RenditionFormatUnsupported", failed["errorReason"]!.GetValue<string>());
        Assert.Equal("xyz", failed["rendition"]!["fmt"]!.GetValue<string>());
        Assert.True(emulator.Storage.Exists("two"));
    }

    [Fact]
    public async Task Without_rendering_many_jobs_run()
    {
        await using var emulator = await AssetComputeEmulator.StartAsync(options => options.Rendering.Mode = EmulatorRenderingMode.None, Cancellation);
        using var client = await ServiceClient.RegisteredAsync(emulator);

        for (var i = 0; i < 100; i++)
        {
            await client.ProcessAsync("https://example.com/never-fetched.jpg", Rendition(emulator, $"{i}-a", "png"), Rendition(emulator, $"{i}-b", "jpg"));
        }

        var events = await client.EventsAsync(200);
        Assert.All(events, @event => Assert.Equal("rendition_created", @event["type"]!.GetValue<string>()));
        Assert.Equal(200, emulator.Storage.Names.Count);
    }

    internal static JsonObject Rendition(AssetComputeEmulator emulator, string target, string format, int? width = null, int? height = null)
    {
        var rendition = new JsonObject { ["fmt"] = format, ["target"] = emulator.Storage.CreateWriteUrl(target).AbsoluteUri };
        if (width is not null)
        {
            rendition["width"] = width;
        }

        if (height is not null)
        {
            rendition["height"] = height;
        }

        return rendition;
    }

    internal static string DataUri(string photo) => $"data:image/jpeg;base64,{Convert.ToBase64String(TestFiles.Photo(photo))}";
}
