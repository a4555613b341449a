using System.Net;
using System.Text.Json.Nodes;

namespace AssetCompute.Emulator.Tests;

/// <summary>The author APIs that exporters and uploaders call besides originals and metadata.</summary>
public sealed class AemExporterTests
{
    private const string Photo = "/content/dam/campaign/sunset.jpg";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(Photo + ".json", 0)]
    [InlineData(Photo + ".1.json", 1)]
    [InlineData(Photo + ".2.json", 2)]
    [InlineData(Photo + ".infinity.json", 99)]
    public async Task Asset_as_JSON_goes_as_deep_as_its_selector(string path, int depth)
    {
        await using var emulator = await StartAsync();
        using var client = await AemAuthorTests.SignedInAsync(emulator);

        var json = await JsonAsync(client, path);

        Assert.Equal("dam:Asset", json["jcr:primaryType"]!.GetValue<string>());
        Assert.Equal(depth >= 1, json["jcr:content"] is not null);
        Assert.Equal(depth >= 2 ? "azure" : null, json["jcr:content"]?["metadata"]?["exportDestination"]!.GetValue<string>());
        Assert.Equal(depth > 2 ? "nt:file" : null, json["jcr:content"]?["renditions"]?["original"]?["jcr:primaryType"]!.GetValue<string>());
    }

    [Fact]
    public async Task Folders_and_nodes_below_an_asset_are_JSON_too()
    {
        await using var emulator = await StartAsync();
        using var client = await AemAuthorTests.SignedInAsync(emulator);

        var root = await JsonAsync(client, "/content/dam.1.json");
        var folder = await JsonAsync(client, "/content/dam/campaign.infinity.json");
        var renditions = await JsonAsync(client, Photo + "/jcr:content/renditions.json");
        var listed = await JsonAsync(client, Photo + "/_jcr_content/renditions.1.json");
        using var missing = await client.SendAsync(HttpMethod.Get, "/content/dam/none.json");
        using var nothing = await client.SendAsync(HttpMethod.Get, Photo + "/jcr:content/none.json");

        Assert.Equal("sling:Folder", root["campaign"]!["jcr:primaryType"]!.GetValue<string>());
        Assert.Equal("azure", folder["sunset.jpg"]!["jcr:content"]!["metadata"]!["exportDestination"]!.GetValue<string>());
        Assert.Equal("nt:folder", renditions["jcr:primaryType"]!.GetValue<string>());
        Assert.Equal(["jcr:primaryType", "original", "cq5dam.thumbnail.48.48.png", "cq5dam.thumbnail.140.100.png", "cq5dam.thumbnail.319.319.png", "cq5dam.web.1280.1280.jpeg"], listed.Select(member => member.Key));
        Assert.Equal([HttpStatusCode.NotFound, HttpStatusCode.NotFound], new[] { missing.StatusCode, nothing.StatusCode });
    }

    [Fact]
    public async Task Asset_whose_name_ends_in_json_is_its_original()
    {
        await using var emulator = await StartAsync();
        using var client = await AemAuthorTests.SignedInAsync(emulator);
        await emulator.Aem.AddAssetAsync("/content/dam/data.json", "[1]"u8.ToArray(), cancellationToken: Cancellation);

        using var original = await client.SendAsync(HttpMethod.Get, "/content/dam/data.json");
        var node = await JsonAsync(client, "/content/dam/data.json.1.json");

        Assert.Equal("[1]", await original.Content.ReadAsStringAsync(Cancellation));
        Assert.Equal("dam:Asset", node["jcr:primaryType"]!.GetValue<string>());
    }

    [Theory]
    [InlineData(Photo + "/jcr:content/renditions/cq5dam.thumbnail.48.48.png", "image/png")]
    [InlineData(Photo + "/_jcr_content/renditions/cq5dam.web.1280.1280.jpeg", "image/jpeg")]
    [InlineData("/api/assets/campaign/sunset.jpg/renditions/cq5dam.thumbnail.140.100.png", "image/png")]
    public async Task Renditions_of_AEM_are_made_as_their_names_say(string path, string mediaType)
    {
        await using var emulator = await StartAsync();
        using var client = await AemAuthorTests.SignedInAsync(emulator);

        using var response = await client.SendAsync(HttpMethod.Get, path);

        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync(Cancellation));
        Assert.Equal(mediaType, response.Content.Headers.ContentType!.MediaType);
        var header = ImageMagick.MagickImageInfo.ReadCollection(await response.Content.ReadAsByteArrayAsync(Cancellation)).Single();
        Assert.True(path.Contains("1280", StringComparison.Ordinal) || Math.Max(header.Width, header.Height) is 48 or 140 or 100, $"{header.Width}x{header.Height}");
    }

    [Theory]
    [InlineData("none.png")]
    [InlineData("cq5dam.thumbnail.0.0.png")]
    [InlineData("cq5dam.thumbnail.48.48.exe")]
    public async Task Rendition_that_AEM_does_not_make_is_not_found(string name)
    {
        await using var emulator = await StartAsync();
        using var client = await AemAuthorTests.SignedInAsync(emulator);

        using var response = await client.SendAsync(HttpMethod.Get, $"{Photo}/jcr:content/renditions/{name}");

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    [Theory]
    [InlineData("path=/content/dam&type=dam:Asset&p.limit=-1", 4, 4, false)]
    [InlineData("path=/content/dam/campaign&type=dam:Asset", 2, 2, false)]
    [InlineData("path=/content/dam&type=dam:Asset&p.limit=1&p.offset=1", 1, 4, true)]
    [InlineData("path=/content/dam&property=jcr:content/metadata/exportDestination&property.value=azure", 2, 2, false)]
    [InlineData("path=/content/dam&1_property=jcr:content/metadata/exportDestination&1_property.value=azure&2_property=@jcr:content/metadata/approved&2_property.value=true", 1, 1, false)]
    [InlineData("path=/content/dam&property=jcr:content/metadata/exportDestination&property.1_value=azure&property.2_value=s3", 3, 3, false)]
    [InlineData("path=/content/dam&property=jcr:content/metadata/exportDestination&property.operation=exists", 3, 3, false)]
    [InlineData("path=/content/dam&property=jcr:content/metadata/exportDestination&property.operation=not", 1, 1, false)]
    [InlineData("path=/content/dam&property=jcr:content/metadata/dc:format&property.operation=like&property.value=image/%25", 1, 1, false)]
    [InlineData("path=/content/dam&property=jcr:content/metadata/tags&property.value=b", 1, 1, false)]
    [InlineData("path=/content/dam&nodename=*.bin", 3, 3, false)]
    [InlineData("path=/content/dam&type=cq:Page", 0, 0, false)]
    [InlineData("path=/content/dam/none&type=dam:Asset", 0, 0, false)]
    public async Task QueryBuilder_finds_assets_by_path_name_and_metadata(string query, int results, int total, bool more)
    {
        await using var emulator = await StartAsync();
        using var client = await AemAuthorTests.SignedInAsync(emulator);

        var found = await JsonAsync(client, "/bin/querybuilder.json?" + query);

        Assert.True(found["success"]!.GetValue<bool>());
        Assert.Equal((results, total, more), (found["results"]!.GetValue<int>(), found["total"]!.GetValue<int>(), found["more"]!.GetValue<bool>()));
        Assert.Equal(results, found["hits"]!.AsArray().Count);
        Assert.All(found["hits"]!.AsArray(), hit => Assert.StartsWith("/content/dam/", hit!["path"]!.GetValue<string>(), StringComparison.Ordinal));
    }

    [Fact]
    public async Task QueryBuilder_gives_whole_assets_and_refuses_what_it_does_not_know()
    {
        await using var emulator = await StartAsync();
        using var client = await AemAuthorTests.SignedInAsync(emulator);

        var full = await JsonAsync(client, "/bin/querybuilder.json?path=/content/dam/campaign&nodename=sunset.jpg&p.hits=full&p.nodedepth=5");
        using var unknown = await client.SendAsync(HttpMethod.Get, "/bin/querybuilder.json?path=/content/dam&fulltext=sun");

        var hit = full["hits"]!.AsArray().Single()!;
        Assert.Equal(Photo, hit["jcr:path"]!.GetValue<string>());
        Assert.Equal("azure", hit["jcr:content"]!["metadata"]!["exportDestination"]!.GetValue<string>());
        Assert.Equal(HttpStatusCode.BadRequest, unknown.StatusCode);
        Assert.Contains("'fulltext'", await unknown.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Upload_is_initiated_written_in_parts_and_completed_once()
    {
        await using var emulator = await StartAsync();
        using var client = await AemAuthorTests.SignedInAsync(emulator);
        var initiated = await FormAsync(client, "/content/dam/new.initiateUpload.json", ("fileName", "a b.png"), ("fileSize", "209715200"), ("fileName", "c.png"), ("fileSize", "3"));
        var files = (await ServiceClient.JsonAsync(initiated))["files"]!.AsArray();
        var parts = files[0]!["uploadURIs"]!.AsArray().Select(url => url!.GetValue<string>()).ToArray();
        Assert.Equal((2, 1), (parts.Length, files[1]!["uploadURIs"]!.AsArray().Count));
        foreach (var (part, content) in parts.Zip(["one", "two"]))
        {
            using var put = await client.Http.PutAsync(part, new StringContent(content), Cancellation);
            Assert.Equal(HttpStatusCode.Created, put.StatusCode);
        }

        var token = files[0]!["uploadToken"]!.GetValue<string>();
        using var completed = await FormAsync(client, "/content/dam/new.completeUpload.json", ("fileName", "a b.png"), ("mimeType", "image/png"), ("uploadToken", token));
        using var again = await FormAsync(client, "/content/dam/new.completeUpload.json", ("fileName", "a b.png"), ("uploadToken", token));
        using var nothing = await FormAsync(client, "/content/dam/new.completeUpload.json", ("fileName", "c.png"), ("uploadToken", files[1]!["uploadToken"]!.GetValue<string>()));
        using var forged = await FormAsync(client, "/content/dam/new.completeUpload.json", ("fileName", "c.png"), ("uploadToken", "../../x"));
        using var odd = await FormAsync(client, "/content/dam/new.initiateUpload.json", ("fileName", ".."), ("fileSize", "1"));
        using var sizes = await FormAsync(client, "/content/dam/new.initiateUpload.json", ("fileName", "a"));

        Assert.Equal(HttpStatusCode.OK, completed.StatusCode);
        var asset = emulator.Aem.Find("/content/dam/new/a b.png")!;
        Assert.Equal((6, "image/png"), (asset.Size, asset.ContentType));
        Assert.Equal(Enumerable.Repeat(HttpStatusCode.BadRequest, 5), new[] { again, nothing, forged, odd, sizes }.Select(response => response.StatusCode));
        Assert.Equal(4, emulator.Calls.Count(EmulatorOperation.AemWrite) - 3);
    }

    [Theory]
    [InlineData(null, HttpStatusCode.Conflict, 1)]
    [InlineData("replace", HttpStatusCode.OK, 2)]
    [InlineData("createVersion", HttpStatusCode.OK, 2)]
    public async Task Upload_over_an_asset_needs_a_word(string? word, HttpStatusCode status, int version)
    {
        await using var emulator = await StartAsync();
        using var client = await AemAuthorTests.SignedInAsync(emulator);
        using var initiated = await FormAsync(client, "/content/dam/campaign.initiateUpload.json", ("fileName", "sunset.jpg"), ("fileSize", "3"));
        var file = (await ServiceClient.JsonAsync(initiated))["files"]![0]!;
        using var put = await client.Http.PutAsync(file["uploadURIs"]![0]!.GetValue<string>(), new StringContent("new"), Cancellation);

        using var completed = await FormAsync(
            client, "/content/dam/campaign.completeUpload.json", ("fileName", "sunset.jpg"), ("uploadToken", file["uploadToken"]!.GetValue<string>()), (word ?? "x", "true"));

        Assert.Equal(status, completed.StatusCode);
        Assert.Equal(version, emulator.Aem.Find(Photo)!.Version);
    }

    [Fact]
    public async Task Folders_and_a_token_against_forgery_are_to_be_had_and_need_an_access_token()
    {
        await using var emulator = await StartAsync();
        using var client = await AemAuthorTests.SignedInAsync(emulator);

        using var created = await client.SendAsync(HttpMethod.Post, "/api/assets/fresh/one", """{"class":"folder","properties":{"title":"one"}}""");
        using var taken = await client.SendAsync(HttpMethod.Post, "/api/assets/campaign", """{"class":"folder"}""");
        var csrf = await JsonAsync(client, "/libs/granite/csrf/token.json");
        client.Token = "none";
        var refused = new List<HttpStatusCode>();
        foreach (var (method, path) in new[]
        {
            (HttpMethod.Get, "/libs/granite/csrf/token.json"), (HttpMethod.Get, "/bin/querybuilder.json"), (HttpMethod.Get, Photo + ".1.json"),
            (HttpMethod.Post, "/content/dam/x.initiateUpload.json"), (HttpMethod.Post, "/api/assets/y"),
        })
        {
            using var response = await client.SendAsync(method, path);
            refused.Add(response.StatusCode);
        }

        Assert.Equal((HttpStatusCode.Created, HttpStatusCode.Conflict), (created.StatusCode, taken.StatusCode));
        Assert.NotEmpty(csrf["token"]!.GetValue<string>());
        Assert.All(refused, status => Assert.Equal(HttpStatusCode.Unauthorized, status));
    }

    private static async Task<AssetComputeEmulator> StartAsync()
    {
        var emulator = await AssetComputeEmulator.StartAsync(Cancellation);
        await emulator.Aem.AddAssetAsync(Photo, TestFiles.Photo("sunset.jpg"), metadata: new() { ["exportDestination"] = "azure", ["approved"] = true, ["tags"] = new JsonArray("a", "b") }, cancellationToken: Cancellation);
        await emulator.Aem.AddAssetAsync("/content/dam/campaign/1.bin", new byte[1], metadata: new() { ["exportDestination"] = "azure" }, cancellationToken: Cancellation);
        await emulator.Aem.AddAssetAsync("/content/dam/2.bin", new byte[1], metadata: new() { ["exportDestination"] = "s3" }, cancellationToken: Cancellation);
        await emulator.Aem.AddAssetAsync("/content/dam/3.bin", new byte[1], cancellationToken: Cancellation);
        return emulator;
    }

    private static async Task<JsonObject> JsonAsync(ServiceClient client, string path)
    {
        using var response = await client.SendAsync(HttpMethod.Get, path);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await ServiceClient.JsonAsync(response);
    }

    private static Task<HttpResponseMessage> FormAsync(ServiceClient client, string path, params (string Name, string Value)[] fields) => client.SendAsync(
        HttpMethod.Post, path, change: request => request.Content = new FormUrlEncodedContent(fields.Select(field => KeyValuePair.Create(field.Name, field.Value))));
}
