using System.Text;
using System.Text.Json.Nodes;
using ImageMagick;
using Microsoft.AspNetCore.Http;
using Microsoft.Playwright;

namespace AssetCompute.Emulator.Tests;

/// <summary>Untrusted files: the page shows their contents as text or a picture, and never as markup or script.</summary>
[Trait("Category", "Browser")]
public sealed class HostileFileTests(BrowserFixture fixture)
{
    private const string Attack = "<img src=x onerror=\"document.title='owned'\">";

    private const string Svg = """
        <svg xmlns="http://www.w3.org/2000/svg" width="40" height="40" onload="document.documentElement.setAttribute('data-owned', 'by its handler')">
          <script>document.documentElement.setAttribute('data-owned', 'by its script'); fetch('/emulator/faults', { method: 'DELETE' });</script>
          <foreignObject width="40" height="40"><iframe xmlns="http://www.w3.org/1999/xhtml" src="/"></iframe></foreignObject>
          <rect width="40" height="40" fill="#ff0000"/>
        </svg>
        """;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Html_in_the_names_the_exif_and_the_xmp_of_a_file_stays_text()
    {
        await using var emulator = await AssetComputeEmulator.StartAsync(Cancellation);
        using var http = new HttpClient { BaseAddress = emulator.Endpoint };
        var source = await UploadAsync(http, $"{Attack}.jpg", WithMetadata(Attack), "image/jpeg");
        var job = await RunAsync(http, new JsonObject
        {
            ["source"] = new JsonObject { ["kept"] = source },
            ["renditions"] = new JsonArray(new JsonObject { ["fmt"] = "jpg", ["name"] = Attack, ["width"] = 20 }, new JsonObject { ["fmt"] = "xmp", ["name"] = Attack }),
        });
        await using var workbench = await WorkbenchPage.OpenAsync(fixture, emulator);
        await Assertions.Expect(workbench.Page.Locator(".job a")).ToHaveTextAsync($"{Attack}.jpg");
        await Assertions.Expect(workbench.Page.Locator(".job .state.ok")).ToHaveCountAsync(1);

        foreach (var path in new[] { $"/jobs/{job}", $"/jobs/{job}?rendition=1", $"/run?job={job}", $"/run?source={source}" })
        {
            await workbench.GoToAsync(path);
            if (path.StartsWith("/jobs", StringComparison.Ordinal))
            {
                await workbench.Page.GetByText("Embedded metadata").ClickAsync();
                await Assertions.Expect(workbench.Page.Locator("[data-metadata] dd").Filter(new() { HasText = Attack })).Not.ToHaveCountAsync(0);
            }
            else
            {
                await Assertions.Expect(workbench.Page.Locator("#stage-note")).ToContainTextAsync($"{Attack}.jpg – ");
            }

            await Assertions.Expect(workbench.Page.Locator("main img[src=x]")).ToHaveCountAsync(0);
            Assert.EndsWith("Asset Compute emulator", await workbench.Page.TitleAsync(), StringComparison.Ordinal);
        }

        Assert.Empty(workbench.Problems);
    }

    [Fact]
    public async Task Svg_with_a_script_runs_nothing_as_source_as_rendition_and_in_the_storage()
    {
        await using var emulator = await AssetComputeEmulator.StartAsync(Cancellation);
        using var client = await ServiceClient.RegisteredAsync(emulator);
        await using var worker = await CustomWorkerTests.StartWorkerAsync(async context =>
        {
            var body = await JsonNode.ParseAsync(context.Request.Body, cancellationToken: Cancellation);
            using var content = SvgContent();
            using var written = await client.Http.PutAsync(body!["renditions"]![0]!["target"]!.GetValue<string>(), content, Cancellation);
            context.Response.StatusCode = written.IsSuccessStatusCode ? StatusCodes.Status200OK : StatusCodes.Status500InternalServerError;
        });
        var rendition = new JsonObject { ["worker"] = worker.Urls.First(), ["target"] = emulator.Storage.CreateWriteUrl("drawing.svg").AbsoluteUri, ["name"] = "drawing.svg" };
        await emulator.Storage.PutAsync("source.svg", Encoding.UTF8.GetBytes(Svg), "image/svg+xml", Cancellation);
        var requestId = await client.ProcessAsync(
            new JsonObject { ["url"] = emulator.Storage.CreateReadUrl("source.svg").AbsoluteUri, ["name"] = "source.svg" }, rendition, RenditionTests.Rendition(emulator, "small", "png", width: 20));
        await client.EventsAsync(1);
        await emulator.Calls.WaitAsync(call => call is { Operation: EmulatorOperation.BlobWrite, Status: 201 } && call.Path.Contains("drawing.svg", StringComparison.Ordinal), Cancellation);
        using var accepted = await client.PostAsync("/api/events", new JsonObject
        {
            ["event"] = new JsonObject { ["type"] = "rendition_created", ["requestId"] = requestId, ["rendition"] = new JsonObject { ["name"] = "drawing.svg", ["worker"] = worker.Urls.First() } },
        });
        using var jobs = await client.Http.GetAsync("/emulator/jobs", Cancellation);
        var job = (await ServiceClient.JsonAsync(jobs))["jobs"]![0]!["id"]!.GetValue<string>();
        emulator.Faults.Next(EmulatorOperation.Token, EmulatorFault.Answer(500));

        foreach (var address in new[] { $"/emulator/files/{job}/source", $"/emulator/files/{job}/0", emulator.Storage.CreateReadUrl("drawing.svg").PathAndQuery })
        {
            await using var context = await fixture.NewContextAsync();
            var page = await context.NewPageAsync();
            var refused = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            page.Console += (_, message) =>
            {
                if (message.Text.Contains("script", StringComparison.OrdinalIgnoreCase))
                {
                    refused.TrySetResult();
                }
            };
            var response = (await page.GotoAsync(emulator.Endpoint.AbsoluteUri.TrimEnd('/') + address))!;

            Assert.Equal("image/svg+xml", response.Headers["content-type"]);
            await refused.Task.WaitAsync(ServiceClient.Patience, Cancellation);
            await Assertions.Expect(page.Locator("rect")).ToHaveCountAsync(1);
            await Assertions.Expect(page.Locator("[data-owned]")).ToHaveCountAsync(0);
        }

        // The page shows the file as a picture.
        await using var workbench = await WorkbenchPage.OpenAsync(fixture, emulator, $"/jobs/{job}?rendition=0");
        await Assertions.Expect(workbench.Page.Locator("h1")).ToHaveTextAsync("source.svg");
        await Assertions.Expect(workbench.Page.Locator("main svg [data-owned], main script, main iframe")).ToHaveCountAsync(0);
        Assert.Empty(workbench.Problems);
        Assert.Contains("Token", await client.Http.GetStringAsync("/emulator/faults", Cancellation), StringComparison.Ordinal);
    }

    internal static async Task<string> UploadAsync(HttpClient http, string name, byte[] content, string contentType)
    {
        using var body = new ByteArrayContent(content) { Headers = { ContentType = new(contentType) } };
        using var response = await http.PostAsync($"/emulator/sources?name={Uri.EscapeDataString(name)}", body, Cancellation);
        return (await ServiceClient.JsonAsync(response))["source"]!.GetValue<string>();
    }

    internal static async Task<string> RunAsync(HttpClient http, JsonObject request)
    {
        using var body = new StringContent(request.ToJsonString());
        using var response = await http.PostAsync("/emulator/run", body, Cancellation);
        return (await ServiceClient.JsonAsync(response))["job"]!.GetValue<string>();
    }

    private static StringContent SvgContent() => new(Svg) { Headers = { ContentType = new("image/svg+xml") } };

    private static byte[] WithMetadata(string text)
    {
        using var image = new MagickImage(Images.Small("sunset.jpg", 80));
        var exif = new ExifProfile();
        exif.SetValue(ExifTag.ImageDescription, text);
        image.SetProfile(exif);
        var escaped = System.Security.SecurityElement.Escape(text);
        image.SetProfile(new XmpProfile(Encoding.UTF8.GetBytes($"""
            <?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
            <rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" dc:source="{escaped}"><dc:title><rdf:Alt><rdf:li xml:lang="x-default">{escaped}</rdf:li></rdf:Alt></dc:title></rdf:Description>
            </rdf:RDF></x:xmpmeta><?xpacket end="w"?>
            """)));
        return image.ToByteArray(MagickFormat.Jpeg);
    }
}
