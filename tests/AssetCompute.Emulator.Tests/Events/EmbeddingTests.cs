using System.Text.Json.Nodes;

namespace AssetCompute.Emulator.Tests;

public sealed class EmbeddingTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("32768", true)]
    [InlineData("11", true)]
    [InlineData("10", false)]
    [InlineData("32769", false)]
    [InlineData("11.5", false)]
    [InlineData("\"32768\"", false)]
    public async Task Rendition_within_the_limit_travels_in_its_event(string limit, bool embedded)
    {
        await using var emulator = await AssetComputeEmulator.StartAsync(Cancellation);
        using var client = await ServiceClient.RegisteredAsync(emulator);
        var rendition = RenditionTests.Rendition(emulator, "x.txt", "text");
        rendition["embedBinaryLimit"] = JsonNode.Parse(limit);

        var created = await client.EventOfAsync("data:text/plain,hello%20world", rendition);

        Assert.Equal(embedded ? "data:text/plain;charset=us-ascii;base64,aGVsbG8gd29ybGQ=" : null, created["data"]?.GetValue<string>());
        Assert.Equal(!embedded, emulator.Storage.Exists("x.txt"));
        Assert.Equal(embedded ? 0 : 1, emulator.Calls.Count(EmulatorOperation.BlobWrite));
        Assert.Equal(11, created["metadata"]!["repo:size"]!.GetValue<int>());
        Assert.NotNull(created["rendition"]!["embedBinaryLimit"]);
    }
}
