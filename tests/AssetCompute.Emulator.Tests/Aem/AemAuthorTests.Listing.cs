using System.Net;
using System.Text.Json.Nodes;

namespace AssetCompute.Emulator.Tests;

public sealed partial class AemAuthorTests
{
    [Fact]
    public async Task Listing_walks_folders_and_pages_by_next_links()
    {
        await using var emulator = await AssetComputeEmulator.StartAsync(Cancellation);
        using var client = await SignedInAsync(emulator);
        for (var i = 0; i < 45; i++)
        {
            await emulator.Aem.AddAssetAsync($"/content/dam/shop/{i:00}.png", new byte[i + 1], cancellationToken: Cancellation);
        }

        await emulator.Aem.AddAssetAsync("/content/dam/shop/deep/er/x y.png", "deep"u8.ToArray(), cancellationToken: Cancellation);
        emulator.Aem.Publish("/content/dam/shop/07.png");
        var found = new List<JsonObject>();
        var pages = await WalkAsync(client, "/api/assets.json", found);

        Assert.Equal(46, found.Count);
        Assert.Equal([1, 20, 20, 6, 1, 1], pages);
        var seven = found.Single(entity => entity["properties"]!["name"]!.GetValue<string>() == "07.png");
        Assert.Equal("/content/dam/shop/07.png", seven["properties"]!["path"]!.GetValue<string>());
        Assert.Equal(8, seven["properties"]!["metadata"]!["dam:size"]!.GetValue<long>());
        var deep = found.Single(entity => entity["properties"]!["name"]!.GetValue<string>() == "x y.png");
        var content = deep["links"]!.AsArray().Single(link => link!["rel"]![0]!.GetValue<string>() == "content")!["href"]!.GetValue<string>();
        using var original = await GetAsync(client, content);
        using var rendition = await GetAsync(client, "/api/assets/shop/deep/er/x%20y.png/renditions/original");
        Assert.Equal("deep", await original.Content.ReadAsStringAsync(Cancellation));
        Assert.Equal("deep", await rendition.Content.ReadAsStringAsync(Cancellation));
    }

    [Theory]
    [InlineData("/content/other/x.png")]
    [InlineData("/content/dam")]
    [InlineData("/content/dam/")]
    [InlineData("/content/dam/a//b.png")]
    [InlineData("/content/dam/../x.png")]
    [InlineData("/content/dam/jcr:content")]
    public async Task Path_that_is_no_assets_is_refused(string path)
    {
        await using var emulator = await AssetComputeEmulator.StartAsync(Cancellation);

        await Assert.ThrowsAsync<ArgumentException>(() => emulator.Aem.AddAssetAsync(path, new byte[1], cancellationToken: Cancellation));
    }

    /// <summary>Collects the assets of a folder and its subfolders, and returns the number of entities on each page.</summary>
    private static async Task<List<int>> WalkAsync(ServiceClient client, string first, List<JsonObject> found)
    {
        var pages = new List<int>();
        var folders = new List<string>();
        for (var url = first; url is not null;)
        {
            using var response = await GetAsync(client, url);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            var page = await ServiceClient.JsonAsync(response);
            Assert.Equal("assets/folder", page["class"]![0]!.GetValue<string>());
            pages.Add(page["entities"]!.AsArray().Count);
            foreach (var entity in page["entities"]!.AsArray())
            {
                if (entity!["class"]![0]!.GetValue<string>() == "assets/asset")
                {
                    found.Add(entity.AsObject());
                }
                else
                {
                    folders.Add(LinkOf(entity, "self")!);
                }
            }

            url = LinkOf(page, "next");
        }

        foreach (var folder in folders)
        {
            pages.AddRange(await WalkAsync(client, folder, found));
        }

        return pages;
    }

    private static string? LinkOf(JsonNode entity, string rel) =>
        entity["links"]!.AsArray().FirstOrDefault(link => link!["rel"]![0]!.GetValue<string>() == rel)?["href"]!.GetValue<string>();
}
