using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.ServerSentEvents;
using System.Text.Json.Nodes;
using AssetCompute.Emulator.Tests;
using Microsoft.Playwright;

namespace AssetCompute.Client.IntegrationTests.Samples;

public class WebApiTests(BrowserFixture fixture, WebApiFixture web) : IClassFixture<WebApiFixture>
{
    private static readonly string s_photograph = Path.Combine(SampleProgram.Root, "samples", "Quickstart", "photos", "picos-de-europa.jpg");

    // Rendered in a fraction of the time, for tests of the page.
    private static readonly string s_small = Path.Combine(SampleProgram.Root, "docs", "images", "requests", "width.jpg");

    [Fact]
    public async Task Api_Upload_StreamsItsProgressAndServesItsRenditions()
    {
        using HttpClient http = new() { BaseAddress = web.Address };
        string id = await PostAsync(http, await File.ReadAllBytesAsync(s_photograph, TestContext.Current.CancellationToken));

        JsonObject[] events = await EventsAsync(http, id);
        JsonObject[] again = await EventsAsync(http, id);

        Assert.Equal("done", (string?)events[^1]["kind"]);
        Assert.Equal(events.Length, again.Length);
        string[] files = [.. events.Where(happened => (string?)happened["kind"] == "file").Select(happened => $"{happened["name"]} {happened["width"]}×{happened["height"]}")];
        Assert.Equal(["thumbnail.png 133×100", "card.jpg 640×480", "web.webp 1280×960", "light.jpg 1280×960"], files);
        Assert.Equal((long?)events.Single(happened => (string?)happened["kind"] == "file" && (string?)happened["name"] == "card.jpg")["bytes"], (await http.GetByteArrayAsync($"photographs/{id}/card.jpg", TestContext.Current.CancellationToken)).Length);
    }

    [Fact]
    public async Task Api_WhatIsNoPhotograph_IsRefusedOrFailsWithAReason()
    {
        using HttpClient http = new() { BaseAddress = web.Address };
        using HttpResponseMessage refused = await http.PostAsync("photographs?name=a.txt", new StringContent("text"), TestContext.Current.CancellationToken);
        JsonObject[] events = await EventsAsync(http, await PostAsync(http, "broken"u8.ToArray()));
        using HttpResponseMessage source = await http.GetAsync("photographs/none/source", TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.UnsupportedMediaType, refused.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, source.StatusCode);
        Assert.Equal(4, events.Count(happened => (string?)happened["kind"] == "failed" && ((string?)happened["why"])!.StartsWith("SourceCorrupt", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Page_Upload_ShowsThePictures()
    {
        await using IBrowserContext context = await fixture.NewContextAsync();
        IPage page = await context.NewPageAsync();
        await page.GotoAsync(web.Address.AbsoluteUri);

        await page.SetInputFilesAsync("#file", s_small);

        await Assertions.Expect(page.GetByText("All renditions are ready.")).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator("li img")).ToHaveCountAsync(4);
        await page.WaitForFunctionAsync("() => [...document.images].every(image => image.complete && image.naturalWidth > 0)");
        await page.ReloadAsync();
        await Assertions.Expect(page.Locator("li img")).ToHaveCountAsync(4);
    }

    [Fact]
    public async Task Page_ConnectionThatBreaks_CountsWhatComesAgainOnce()
    {
        const string events = """
            data: {"kind":"rendered","name":"thumbnail.png"}

            data: {"kind":"failed","name":"card.jpg","why":"SourceCorrupt"}


            """;
        await using IBrowserContext context = await fixture.NewContextAsync();
        IPage page = await context.NewPageAsync();
        int connections = 0;
        await page.RouteAsync("**/photographs?*", route => route.FulfillAsync(new() { Status = 202, ContentType = "application/json", Body = """{"id":"x"}""" }));
        await page.RouteAsync("**/photographs/x/events", route => route.FulfillAsync(new()
        {
            ContentType = "text/event-stream",
            Body = Interlocked.Increment(ref connections) < 3 ? $"retry: 10\n{events}" : $"{events}data: {{\"kind\":\"done\"}}\n\n",
        }));
        await page.GotoAsync(web.Address.AbsoluteUri);

        await page.SetInputFilesAsync("#file", s_small);

        await Assertions.Expect(page.Locator("article.done .state")).ToHaveTextAsync("1 of 4 failed.");
        Assert.Equal(3, connections);
    }

    [Theory]
    [InlineData(413, null, "", "The server answered 413 Payload Too Large.")]
    [InlineData(502, "text/html", "<h1>Bad gateway</h1>", "The server answered 502 Bad Gateway.")]
    [InlineData(415, "application/problem+json", """{"detail":"Post a photograph."}""", "Post a photograph.")]
    public async Task Page_RefusedUpload_SaysWhy(int status, string? contentType, string body, string said)
    {
        await using IBrowserContext context = await fixture.NewContextAsync();
        IPage page = await context.NewPageAsync();
        await page.RouteAsync("**/photographs?*", route => route.FulfillAsync(new() { Status = status, ContentType = contentType, Body = body }));
        await page.GotoAsync(web.Address.AbsoluteUri);

        await page.SetInputFilesAsync("#file", s_small);

        await Assertions.Expect(page.Locator("article.done .state")).ToHaveTextAsync(said);
    }

    private static async Task<string> PostAsync(HttpClient http, byte[] photograph)
    {
        using ByteArrayContent content = new(photograph);
        content.Headers.ContentType = new MediaTypeHeaderValue("image/jpeg");
        using HttpResponseMessage answer = await http.PostAsync("photographs?name=photo.jpg", content);
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        return (string)(await answer.Content.ReadFromJsonAsync<JsonObject>())!["id"]!;
    }

    private static async Task<JsonObject[]> EventsAsync(HttpClient http, string id)
    {
        await using Stream stream = await http.GetStreamAsync($"photographs/{id}/events");
        return await SseParser.Create(stream, (_, data) => JsonNode.Parse(data)!.AsObject()).EnumerateAsync().Select(item => item.Data).ToArrayAsync();
    }
}
