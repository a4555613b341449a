using System.IO.Compression;
using System.Text.Json.Nodes;

namespace AssetCompute.Emulator.Tests;

public sealed class ArchiveTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Zip_holds_the_files_at_their_paths_and_needs_no_source()
    {
        await using var emulator = await AssetComputeEmulator.StartAsync(Cancellation);
        using var client = await ServiceClient.RegisteredAsync(emulator);
        await emulator.Storage.PutAsync("one.txt", "one"u8.ToArray(), "text/plain", Cancellation);
        await emulator.Storage.PutAsync("two.txt", "two"u8.ToArray(), "text/plain", Cancellation);

        var created = await client.EventOfAsync(null, Zip(
            emulator,
            null,
            JsonValue.Create(emulator.Storage.CreateReadUrl("one.txt").AbsoluteUri),
            new JsonObject { ["url"] = emulator.Storage.CreateReadUrl("two.txt").AbsoluteUri, ["path"] = "folder/zwei.txt" }));

        Assert.Equal("application/zip", created["metadata"]!["dc:format"]!.GetValue<string>());
        Assert.Null(created["source"]);
        Assert.Equal(["folder/zwei.txt=two", "one.txt=one"], await EntriesAsync(emulator));
    }

    [Fact]
    public async Task Duplicate_path_fails_unless_it_is_to_be_ignored()
    {
        await using var emulator = await AssetComputeEmulator.StartAsync(Cancellation);
        using var client = await ServiceClient.RegisteredAsync(emulator);
        JsonNode[] Files() => [File("data:text/plain,first", "same.txt"), File("data:text/plain,second", "same.txt")];

        var failed = await client.EventOfAsync(null, Zip(emulator, null, Files()));
        var created = await client.EventOfAsync(null, Zip(emulator, "ignore", Files()));

        Assert.Equal("GenericError", failed["errorReason"]!.GetValue<string>());
        Assert.Contains("files[1].path", failed["errorMessage"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal("rendition_created", created["type"]!.GetValue<string>());
        Assert.Equal(["same.txt=first"], await EntriesAsync(emulator));
    }

    [Theory]
    [InlineData("../outside.txt")]
    [InlineData("a/../../outside.txt")]
    [InlineData("/etc/passwd")]
    [InlineData("a//b")]
    [InlineData("C:\\windows\\x")]
    [InlineData("a\\..\\b")]
    [InlineData("a\u0000b")]
    public async Task Path_that_leaves_the_archive_is_refused(string path)
    {
        await using var emulator = await AssetComputeEmulator.StartAsync(Cancellation);
        using var client = await ServiceClient.RegisteredAsync(emulator);

        var failed = await client.EventOfAsync(null, Zip(emulator, null, File("data:text/plain,x", path)));

        Assert.Equal("rendition_failed", failed["type"]!.GetValue<string>());
        Assert.Equal("'files[0].path' is not a path inside an archive.", failed["errorMessage"]!.GetValue<string>());
    }

    [Fact]
    public async Task Files_beyond_the_limit_in_all_are_refused()
    {
        await using var emulator = await AssetComputeEmulator.StartAsync(options => options.Rendering.MaxSourceBytes = 100, Cancellation);
        using var client = await ServiceClient.RegisteredAsync(emulator);

        var failed = await client.EventOfAsync(
            null, Zip(emulator, null, File($"data:text/plain,{new string('x', 60)}", "a"), File($"data:text/plain,{new string('x', 60)}", "b")));

        Assert.Equal("SourceUnsupported", failed["errorReason"]!.GetValue<string>());
    }

    private static JsonObject File(string url, string path) => new() { ["url"] = url, ["path"] = path };

    private static JsonObject Zip(AssetComputeEmulator emulator, string? duplicate, params JsonNode[] files)
    {
        var rendition = RenditionTests.Rendition(emulator, "result.zip", "zip");
        rendition["files"] = new JsonArray(files);
        if (duplicate is not null)
        {
            rendition["duplicate"] = duplicate;
        }

        return rendition;
    }

    private static async Task<IReadOnlyList<string>> EntriesAsync(AssetComputeEmulator emulator)
    {
        using var archive = new ZipArchive(new MemoryStream((await emulator.Storage.GetAsync("result.zip", Cancellation))!.Content.ToArray()));
        return [.. archive.Entries.Select(entry =>
        {
            using var reader = new StreamReader(entry.Open());
            return $"{entry.FullName}={reader.ReadToEnd()}";
        }).Order(StringComparer.Ordinal)];
    }
}
