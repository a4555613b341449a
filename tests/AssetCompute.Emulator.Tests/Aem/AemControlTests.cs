using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace AssetCompute.Emulator.Tests;

public sealed class AemControlTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Scripts_add_publish_change_and_delete_assets()
    {
        await using var emulator = await AssetComputeEmulator.StartAsync(Cancellation);
        using var client = await AemAuthorTests.SignedInAsync(emulator);
        var registered = await PostAsync(client, "/emulator/aem/registrations", """{"name":"export","events":["Published","Deleted"]}""");
        using var put = await client.Http.PutAsync(
            "/emulator/aem/assets/content/dam/a/photo%201.jpg?exportDestination=azure&exportImmediately=yes", new ByteArrayContent([1, 2, 3]), Cancellation);
        await PostAsync(client, "/emulator/aem/assets", """{"path":"/content/dam/a/film.mp4","size":1000000,"seed":5,"contentType":"video/x","metadata":{"dc:title":"Film"}}""");
        await PostAsync(client, "/emulator/aem/metadata", """{"path":"/content/dam/a/film.mp4","metadata":{"exportDestination":"s3","dc:title":null}}""");
        var published = await PostAsync(client, "/emulator/aem/publish", """{"paths":["/content/dam/a/film.mp4"]}""");
        var all = await PostAsync(client, "/emulator/aem/publish", "");
        using var deleted = await client.Http.DeleteAsync("/emulator/aem/assets/content/dam/a/film.mp4", Cancellation);
        var assets = await ServiceClient.JsonAsync(await client.Http.GetAsync("/emulator/aem/assets", Cancellation));

        Assert.Equal(HttpStatusCode.OK, put.StatusCode);
        Assert.Single(published["published"]!.AsArray());
        Assert.Equal(2, all["published"]!.AsArray().Count);
        var film = published["published"]![0]!;
        Assert.Equal(("video/x", 1_000_000, 5), (film["contentType"]!.GetValue<string>(), film["size"]!.GetValue<int>(), film["seed"]!.GetValue<int>()));
        Assert.True(JsonNode.DeepEquals(film["metadata"], JsonNode.Parse("""{"exportDestination":"s3"}""")));
        var photo = Assert.Single(assets["assets"]!.AsArray())!;
        Assert.Equal("/content/dam/a/photo 1.jpg", photo["path"]!.GetValue<string>());
        Assert.Equal("yes", photo["metadata"]!["exportImmediately"]!.GetValue<string>());
        Assert.Equal(1, photo["publishedVersion"]!.GetValue<int>());
        var registration = emulator.Aem.Registrations.Find(registered["id"]!.GetValue<string>())!;
        Assert.Equal(registration.JournalUrl.AbsoluteUri, registered["journalUrl"]!.GetValue<string>());
        Assert.Equal(4, (await AemEventTests.EventsAsync(client, registration)).Count);
        Assert.Empty(emulator.Calls.Of(EmulatorOperation.Other));
    }

    [Theory]
    [InlineData("/emulator/aem/registrations", """{"hook":"x"}""", "A registration has no 'hook'. It has name, clientId, webhookUrl, batch, form, events.")]
    [InlineData("/emulator/aem/registrations", """{"form":"Xml"}""", "CloudEvents, Xdm")]
    [InlineData("/emulator/aem/registrations", """{"events":["Lost"]}""", "Published")]
    [InlineData("/emulator/aem/registrations", """{"webhookUrl":"http://example.com/x"}""", "http URLs are refused")]
    [InlineData("/emulator/aem/registrations", """{"webhookUrl":"hook"}""", "'webhookUrl'")]
    [InlineData("/emulator/aem/registrations/nothing/enable", "", "no such registration")]
    [InlineData("/emulator/aem/publish", """{"paths":["/content/dam/nothing"]}""", "/content/dam/nothing")]
    [InlineData("/emulator/aem/metadata", """{"path":"/content/dam/x","metadata":1}""", "'metadata'")]
    [InlineData("/emulator/aem/assets", """{"path":"/content/dam/x"}""", "'size'")]
    [InlineData("/emulator/aem/assets", """{"size":5}""", "'path'")]
    public async Task Call_that_makes_no_sense_answers_400_that_says_why(string path, string body, string why)
    {
        await using var emulator = await AssetComputeEmulator.StartAsync(Cancellation);
        using var client = new ServiceClient(emulator);

        using var response = await client.Http.PostAsync(path, new StringContent(body, Encoding.UTF8, "application/json"), Cancellation);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains(why, (await ServiceClient.JsonAsync(response))["error"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Page_of_another_site_cannot_change_AEM()
    {
        await using var emulator = await AssetComputeEmulator.StartAsync(Cancellation);
        using var client = new ServiceClient(emulator);
        client.Http.DefaultRequestHeaders.Add("Origin", "https://evil.example");

        using var response = await client.Http.PutAsync("/emulator/aem/assets/content/dam/x.png", new ByteArrayContent([1]), Cancellation);

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.Empty(emulator.Aem.Assets);
    }

    private static async Task<JsonObject> PostAsync(ServiceClient client, string path, string body)
    {
        using var response = await client.Http.PostAsync(path, new StringContent(body, Encoding.UTF8, "application/json"), Cancellation);
        var json = await ServiceClient.JsonAsync(response);
        Assert.True(response.IsSuccessStatusCode, json.ToJsonString());
        return json;
    }
}
