using System.Text.Json.Nodes;
using ImageMagick;

namespace AssetCompute.Emulator.Tests;

public sealed class UploadTests(SharedEmulator shared) : IClassFixture<SharedEmulator>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Parts_go_to_the_urls_in_order_each_of_the_largest_size()
    {
        var emulator = shared.Emulator;
        using var client = await shared.NewClientAsync();
        var rendition = Parts(emulator, urls: 4, maxPartSize: 20_000);

        var created = await client.EventOfAsync(RenditionTests.DataUri("sunset.jpg"), rendition);

        var size = created["metadata"]!["repo:size"]!.GetValue<int>();
        Assert.InRange(size, 40_001, 59_999);
        var parts = new List<byte[]>();
        for (var i = 0; emulator.Storage.Exists($"part{i}"); i++)
        {
            var blob = (await emulator.Storage.GetAsync($"part{i}", Cancellation))!;
            Assert.Equal("image/jpeg", blob.ContentType);
            parts.Add(blob.Content.ToArray());
        }

        Assert.Equal([20_000, 20_000, size - 40_000], parts.Select(part => part.Length));
        using var whole = new MagickImage(parts.SelectMany(part => part).ToArray());
        Assert.Equal("Jpeg 500x333", whole.Describe());
    }

    [Theory]
    [InlineData(WireSpelling.Code)]
    [InlineData(WireSpelling.Documentation)]
    public async Task Rendition_that_the_urls_do_not_hold_is_too_large(WireSpelling spelling)
    {
        await using var emulator = await AssetComputeEmulator.StartAsync(options => options.Spelling = spelling, Cancellation);
        using var client = await ServiceClient.RegisteredAsync(emulator);

        var failed = await client.EventOfAsync(RenditionTests.DataUri("sunset.jpg"), Parts(emulator, urls: 2, maxPartSize: 10_000));

        Assert.Equal("RenditionTooLarge", failed["errorReason"]!.GetValue<string>());
        Assert.Matches("^rendition size of [0-9]+ for rendition0.jpg is too large$", failed["errorMessage"]!.GetValue<string>());
        Assert.Equal(spelling == WireSpelling.Documentation, failed["metadata"]?["repo:size"] is not null);
        Assert.Empty(emulator.Storage.Names);
    }

    [Theory]
    [InlineData("""{"urls":["URL"]}""", "'target.maxPartSize' must be a positive number")]
    [InlineData("""{"urls":["URL"],"maxPartSize":0}""", "'target.maxPartSize' must be a positive number")]
    public async Task Parts_without_a_size_fail(string target, string message)
    {
        var emulator = shared.Emulator;
        using var client = await shared.NewClientAsync();
        var url = emulator.Storage.CreateWriteUrl("x").AbsoluteUri;

        var failed = await client.EventOfAsync(
            RenditionTests.DataUri("sunset.jpg"),
            new JsonObject { ["fmt"] = "png", ["width"] = 10, ["target"] = JsonNode.Parse(target.Replace("URL", url, StringComparison.Ordinal)) });

        Assert.Equal("GenericError", failed["errorReason"]!.GetValue<string>());
        Assert.Equal(message, failed["errorMessage"]!.GetValue<string>());
    }

    [Fact]
    public async Task Target_without_urls_uploads_nothing_and_is_reported_as_created()
    {
        await using var emulator = await AssetComputeEmulator.StartAsync(Cancellation);
        using var client = await ServiceClient.RegisteredAsync(emulator);

        var created = await client.EventOfAsync(
            RenditionTests.DataUri("sunset.jpg"), new JsonObject { ["fmt"] = "png", ["width"] = 10, ["target"] = new JsonObject() });

        Assert.Equal("rendition_created", created["type"]!.GetValue<string>());
        Assert.Equal(0, emulator.Calls.Count(EmulatorOperation.BlobWrite));
    }

    [Fact]
    public async Task Server_error_and_broken_connection_are_tried_again()
    {
        await using var emulator = await AssetComputeEmulator.StartAsync(Cancellation);
        using var client = await ServiceClient.RegisteredAsync(emulator);
        emulator.Faults.Next(EmulatorOperation.BlobWrite, EmulatorFault.Answer(503));
        emulator.Faults.Next(EmulatorOperation.BlobWrite, EmulatorFault.Reset());

        var created = await client.EventOfAsync(RenditionTests.DataUri("sunset.jpg"), RenditionTests.Rendition(emulator, "x", "png", width: 10));

        Assert.Equal("rendition_created", created["type"]!.GetValue<string>());
        Assert.Equal([503, 0, 201], emulator.Calls.Of(EmulatorOperation.BlobWrite).Select(call => call.Status));
    }

    [Theory]
    [InlineData(403, "GenericError", "failed with status 403")]
    [InlineData(413, "RenditionTooLarge", "is too large")]
    public async Task Refused_upload_is_not_tried_again(int status, string reason, string message)
    {
        await using var emulator = await AssetComputeEmulator.StartAsync(Cancellation);
        using var client = await ServiceClient.RegisteredAsync(emulator);
        emulator.Faults.Next(EmulatorOperation.BlobWrite, EmulatorFault.Answer(status));

        var failed = await client.EventOfAsync(RenditionTests.DataUri("sunset.jpg"), RenditionTests.Rendition(emulator, "x", "png", width: 10));

        Assert.Equal(reason, failed["errorReason"]!.GetValue<string>());
        Assert.Contains(message, failed["errorMessage"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.DoesNotContain("sig=", failed["errorMessage"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal(1, emulator.Calls.Count(EmulatorOperation.BlobWrite));
    }

    [Fact]
    public async Task File_name_with_characters_that_the_worker_refuses_fails()
    {
        var emulator = shared.Emulator;
        using var client = await shared.NewClientAsync();

        var failed = await client.EventOfAsync(RenditionTests.DataUri("sunset.jpg"), RenditionTests.Rendition(emulator, "a[1].png", "png", width: 10));

        Assert.Equal("Filename 'a[1].png' has unsupported characters", failed["errorMessage"]!.GetValue<string>());
    }

    [Fact]
    public async Task Legacy_name_of_the_target_is_taken_and_stays_in_the_event()
    {
        var emulator = shared.Emulator;
        using var client = await shared.NewClientAsync();
        var url = emulator.Storage.CreateWriteUrl("legacy").AbsoluteUri;

        var created = await client.EventOfAsync(RenditionTests.DataUri("sunset.jpg"), new JsonObject { ["type"] = "image/png", ["width"] = 10, ["url"] = url });

        Assert.True(emulator.Storage.Exists("legacy"));
        Assert.Equal(url, created["rendition"]!["url"]!.GetValue<string>());
        Assert.Equal("png", created["rendition"]!["fmt"]!.GetValue<string>());
    }

    private static JsonObject Parts(AssetComputeEmulator emulator, int urls, int maxPartSize) => new()
    {
        ["fmt"] = "jpg",
        ["width"] = 500,
        ["quality"] = 92,
        ["target"] = new JsonObject
        {
            ["urls"] = new JsonArray([.. Enumerable.Range(0, urls).Select(i => JsonValue.Create(emulator.Storage.CreateWriteUrl($"part{i}").AbsoluteUri))]),
            ["minPartSize"] = 1,
            ["maxPartSize"] = maxPartSize,
        },
    };
}
