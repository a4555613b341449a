using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace AssetCompute.Emulator.Tests;

/// <summary>Malicious requests: each is refused with an event that gives the reason, without side effects.</summary>
public sealed partial class HostileInputTests(SharedEmulator shared) : IClassFixture<SharedEmulator>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("https://example.com/x.jpg", "not on the emulator's list of allowed hosts")]
    [InlineData("http://example.com/x.jpg", "http URLs are refused")]
    [InlineData("http://169.254.169.254/latest/meta-data", "http URLs are refused")]
    [InlineData("https://169.254.169.254/latest/meta-data", "not on the emulator's list of allowed hosts")]
    [InlineData("file:///etc/passwd", "file URLs are refused")]
    [InlineData("ftp://127.0.0.1/x", "ftp URLs are refused")]
    [InlineData("/etc/passwd", "refused")]
    [InlineData("@/etc/passwd", "Invalid or missing https url")]
    [InlineData("msl:/tmp/x.msl", "msl URLs are refused")]
    [InlineData("url:http://127.0.0.1/x", "url URLs are refused")]
    public async Task Source_that_is_not_allowed_is_refused(string source, string message)
    {
        var failed = await FailAsync(source);

        Assert.Equal("SourceUnsupported", failed["errorReason"]!.GetValue<string>());
        Assert.Contains(message, failed["errorMessage"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://example.com/x.png")]
    [InlineData("http://example.com/x.png")]
    [InlineData("file:///tmp/x.png")]
    public async Task Target_on_another_host_is_refused(string target)
    {
        using var client = await shared.NewClientAsync();

        var failed = await client.EventOfAsync(RenditionTests.DataUri("sunset.jpg"), new JsonObject { ["fmt"] = "png", ["width"] = 10, ["target"] = target });

        Assert.Equal("GenericError", failed["errorReason"]!.GetValue<string>());
        Assert.StartsWith("rendition[0].target is not a valid https url", failed["errorMessage"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Redirect_to_another_host_is_refused_and_one_on_the_same_host_is_followed()
    {
        var emulator = shared.Emulator;
        using var client = await shared.NewClientAsync();
        await emulator.Storage.PutAsync("photo", TestFiles.Photo("sunset.jpg"), "image/jpeg", Cancellation);
        var photo = emulator.Storage.CreateReadUrl("photo").AbsoluteUri;
        await using var server = await ServeAsync(context =>
        {
            context.Response.Redirect(context.Request.Path == "/away" ? photo.Replace("127.0.0.1", "localhost", StringComparison.Ordinal) : photo);
            return Task.CompletedTask;
        });

        var away = await client.EventOfAsync($"{server.Urls.First()}/away", RenditionTests.Rendition(emulator, "a", "png", width: 10));
        var near = await client.EventOfAsync($"{server.Urls.First()}/near", RenditionTests.Rendition(emulator, "b", "png", width: 10));

        Assert.Equal("The source redirects to another host (localhost), which is refused.", away["errorMessage"]!.GetValue<string>());
        Assert.Equal("rendition_created", near["type"]!.GetValue<string>());
    }

    [Fact]
    public async Task Source_headers_are_sent_and_only_to_the_source()
    {
        await using var emulator = await AssetComputeEmulator.StartAsync(Cancellation);
        using var client = await ServiceClient.RegisteredAsync(emulator);
        await emulator.Storage.PutAsync("photo", TestFiles.Photo("sunset.jpg"), "image/jpeg", Cancellation);

        await client.EventOfAsync(
            new JsonObject { ["url"] = emulator.Storage.CreateReadUrl("photo").AbsoluteUri, ["headers"] = new JsonObject { ["x-own"] = "mine", ["Authorization"] = "Basic abc" } },
            RenditionTests.Rendition(emulator, "a", "png", width: 10));

        Assert.Equal(["HEAD", "GET"], emulator.Calls.Of(EmulatorOperation.BlobRead).Select(call => call.Method));
        Assert.All(emulator.Calls.Of(EmulatorOperation.BlobRead), call => Assert.Equal("mine", call.Headers["x-own"]));
        Assert.All(emulator.Calls.Of(EmulatorOperation.BlobWrite), call => Assert.False(call.Headers.ContainsKey("x-own")));
    }

    [Fact]
    public async Task Source_on_S3_is_asked_for_its_first_byte_since_its_url_is_not_for_HEAD()
    {
        await using var emulator = await AssetComputeEmulator.StartAsync(Cancellation);
        using var client = await ServiceClient.RegisteredAsync(emulator);
        await emulator.Storage.PutAsync("photo", TestFiles.Photo("sunset.jpg"), "image/jpeg", Cancellation);

        // The signature identifies the emulator's storage, regardless of the host name.
        var source = new UriBuilder(emulator.Storage.CreateReadUrl("photo")) { Host = "bucket.s3.amazonaws.com" }.Uri;
        var created = await client.EventOfAsync(source.AbsoluteUri, RenditionTests.Rendition(emulator, "a", "png", width: 10));

        var reads = emulator.Calls.Of(EmulatorOperation.BlobRead);
        Assert.Equal("rendition_created", created["type"]!.GetValue<string>());
        Assert.Equal(["GET", "GET"], reads.Select(call => call.Method));
        Assert.Equal(["bytes=0-0", $"bytes=0-{TestFiles.Photo("sunset.jpg").Length - 1}"], reads.Select(call => call.Headers["range"]));
    }

    [Theory]
    [InlineData("whole", "rendition_created")]
    [InlineData("ranges", "rendition_created")]
    [InlineData("short", "rendition_failed")]
    [InlineData("chunked", "rendition_failed")]
    public async Task Source_whose_answer_does_not_announce_the_length_that_was_asked_for_fails(string server, string type)
    {
        await using var emulator = await AssetComputeEmulator.StartAsync(options => options.Spelling = WireSpelling.Documentation, Cancellation);
        using var client = await ServiceClient.RegisteredAsync(emulator);
        var photo = TestFiles.Photo("sunset.jpg");
        await using var app = await ServeAsync(async context =>
        {
            var isHead = HttpMethods.IsHead(context.Request.Method);
            context.Response.ContentType = "image/jpeg";
            context.Response.StatusCode = !isHead && server != "whole" ? StatusCodes.Status206PartialContent : StatusCodes.Status200OK;
            var sent = !isHead && server == "short" ? photo[..^1] : photo;
            context.Response.ContentLength = !isHead && server == "chunked" ? null : sent.Length;
            if (!isHead)
            {
                await context.Response.Body.WriteAsync(sent, context.RequestAborted);
            }
        });

        var @event = await client.EventOfAsync($"{app.Urls.First()}/photo.jpg", RenditionTests.Rendition(emulator, "a", "png", width: 10));

        Assert.Equal(type, @event["type"]!.GetValue<string>());
        if (type == "rendition_failed")
        {
            Assert.EndsWith($"where {photo.Length} were requested", @event["errorMessage"]!.GetValue<string>(), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("push graphic-context\nviewbox 0 0 640 480\nimage over 0,0 0,0 'https://127.0.0.1/x\"|touch /tmp/emulator-owned\"'\npop graphic-context", "image/jpeg")]
    [InlineData("<?xml version=\"1.0\"?><image><read filename=\"/etc/passwd\"/><write filename=\"/tmp/emulator-owned\"/></image>", "image/png")]
    [InlineData("%!PS\n(/tmp/emulator-owned) (w) file closefile", "image/jpeg")]
    [InlineData("%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n(/tmp/emulator-owned) (w) file closefile", "image/tiff")]
    [InlineData("label:@/etc/passwd", "image/png")]
    [InlineData("#FIG 3.2\n@/etc/passwd", "image/gif")]
    [InlineData("P6 1 1 255 abc", "image/x-portable-pixmap")]
    public async Task File_of_another_format_under_a_pictures_name_is_not_handed_to_ImageMagick(string content, string mediaType)
    {
        var failed = await FailAsync($"data:{mediaType};base64,{Convert.ToBase64String(Encoding.UTF8.GetBytes(content))}");

        Assert.Equal("SourceCorrupt", failed["errorReason"]!.GetValue<string>());
        Assert.False(File.Exists("/tmp/emulator-owned"));
    }

    [Theory]
    [InlineData("""<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"><image xlink:href="/etc/hostname" width="10" height="10"/></svg>""")]
    [InlineData("""<svg xmlns="http://www.w3.org/2000/svg"><image href="http://127.0.0.1:1/x.png" width="10" height="10"/></svg>""")]
    [InlineData("""<svg xmlns="http://www.w3.org/2000/svg"><image href="msl:/tmp/x" width="10" height="10"/></svg>""")]
    [InlineData("""<svg xmlns="http://www.w3.org/2000/svg"><a href="http://127.0.0.1:1/"><image href="http://127.0.0.1:1/x.png" width="10" height="10"/></a></svg>""")]
    [InlineData("""<svg xmlns="http://www.w3.org/2000/svg"><style>@import "http://127.0.0.1/x";</style></svg>""")]
    [InlineData("""<svg xmlns="http://www.w3.org/2000/svg"><rect fill="url('file:///etc/passwd')"/></svg>""")]
    public async Task Svg_that_refers_outside_is_refused(string svg)
    {
        var failed = await FailAsync($"data:image/svg+xml;base64,{Convert.ToBase64String(Encoding.UTF8.GetBytes(svg))}");

        Assert.Equal("SourceUnsupported", failed["errorReason"]!.GetValue<string>());
        Assert.Equal("The SVG refers to something outside itself, which is refused.", failed["errorMessage"]!.GetValue<string>());
    }

    [Fact]
    public async Task Svg_with_an_external_entity_does_not_read_it()
    {
        const string svg = """<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]><svg xmlns="http://www.w3.org/2000/svg" width="50" height="50"><text y="20">&x;</text></svg>""";

        var failed = await FailAsync($"data:image/svg+xml;base64,{Convert.ToBase64String(Encoding.UTF8.GetBytes(svg))}");

        Assert.Equal("SourceCorrupt", failed["errorReason"]!.GetValue<string>());
    }

    [Fact]
    public async Task Names_are_never_paths()
    {
        var emulator = shared.Emulator;
        using var client = await shared.NewClientAsync();
        var rendition = RenditionTests.Rendition(emulator, "a", "png", width: 10);
        rendition["name"] = "../../../../tmp/emulator-owned";

        var created = await client.EventOfAsync(
            new JsonObject { ["url"] = RenditionTests.DataUri("sunset.jpg"), ["name"] = "../../../../tmp/emulator-owned.jpg" }, rendition);

        Assert.Equal("rendition_created", created["type"]!.GetValue<string>());
        Assert.False(File.Exists("/tmp/emulator-owned"));
        Assert.False(File.Exists("/tmp/emulator-owned.jpg"));
    }

    [Theory]
    [InlineData("width", "\"100x100 -write /tmp/emulator-owned\"")]
    [InlineData("quality", "\"90 -write /tmp/emulator-owned\"")]
    [InlineData("height", "-5")]
    [InlineData("dpi", "\"72x72\"")]
    [InlineData("dpi", "{\"xdpi\":\"@/etc/passwd\"}")]
    [InlineData("crop", "{\"w\":\"1x1+0+0 -write /tmp/x\",\"h\":1}")]
    [InlineData("crop", "5")]
    [InlineData("pdfbgcolor", "\"url(/etc/passwd)\"")]
    [InlineData("pdfbgcolor", "256")]
    public async Task Instruction_that_is_no_number_fails(string name, string value)
    {
        var failed = await FailAsync(RenditionTests.DataUri("sunset.jpg"), rendition => rendition[name] = JsonNode.Parse(value));

        Assert.Equal("GenericError", failed["errorReason"]!.GetValue<string>());
        Assert.Contains($"'{name}", failed["errorMessage"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("file:///etc/passwd")]
    [InlineData("https://example.com/mark.png")]
    [InlineData("data:image/svg+xml,<svg xmlns=\"http://www.w3.org/2000/svg\"/>")]
    [InlineData("data:text/plain,no picture")]
    public async Task Watermark_that_is_not_allowed_or_no_picture_fails(string image)
    {
        var failed = await FailAsync(RenditionTests.DataUri("sunset.jpg"), rendition => rendition["watermark"] = new JsonObject { ["image"] = image });

        Assert.Equal("GenericError", failed["errorReason"]!.GetValue<string>());
        Assert.Contains("watermark", failed["errorMessage"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Watermark_that_cannot_be_fetched_says_so()
    {
        var emulator = shared.Emulator;
        using var client = await shared.NewClientAsync();
        var rendition = RenditionTests.Rendition(emulator, "result", "png");
        rendition["watermark"] = new JsonObject { ["image"] = emulator.Storage.CreateReadUrl("missing").AbsoluteUri };

        var failed = await client.EventOfAsync(RenditionTests.DataUri("sunset.jpg"), rendition);

        Assert.Equal("GenericError", failed["errorReason"]!.GetValue<string>());
        Assert.StartsWith("The watermark cannot be used: HEAD ", failed["errorMessage"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.EndsWith("failed with status 404", failed["errorMessage"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(WireSpelling.Code, "Unknown error")]
    [InlineData(WireSpelling.Documentation, "failed with status 404")]
    public async Task Source_that_cannot_be_fetched_fails_as_each_side_says(WireSpelling spelling, string message)
    {
        await using var emulator = await AssetComputeEmulator.StartAsync(options => options.Spelling = spelling, Cancellation);
        using var client = await ServiceClient.RegisteredAsync(emulator);

        var failed = await client.EventOfAsync(emulator.Storage.CreateReadUrl("missing").AbsoluteUri, RenditionTests.Rendition(emulator, "a", "png"));

        Assert.Equal("GenericError", failed["errorReason"]!.GetValue<string>());
        Assert.Contains(message, failed["errorMessage"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    private async Task<JsonObject> FailAsync(string source, Action<JsonObject>? change = null)
    {
        using var client = await shared.NewClientAsync();
        return await FailAsync(shared.Emulator, client, source, change);
    }

    private static async Task<JsonObject> FailAsync(string source, Action<JsonObject>? change, Action<EmulatorRenderingOptions> configure)
    {
        await using var emulator = await AssetComputeEmulator.StartAsync(options => configure(options.Rendering), Cancellation);
        using var client = await ServiceClient.RegisteredAsync(emulator);
        return await FailAsync(emulator, client, source, change);
    }

    private static async Task<JsonObject> FailAsync(AssetComputeEmulator emulator, ServiceClient client, string source, Action<JsonObject>? change)
    {
        var rendition = RenditionTests.Rendition(emulator, "result", "png");
        change?.Invoke(rendition);
        var failed = await client.EventOfAsync(source, rendition);
        var other = await client.EventOfAsync(RenditionTests.DataUri("sunset.jpg"), RenditionTests.Rendition(emulator, "other", "png", width: 10));

        Assert.Equal("rendition_failed", failed["type"]!.GetValue<string>());
        Assert.False(emulator.Storage.Exists("result"));
        Assert.Equal("rendition_created", other["type"]!.GetValue<string>());
        Assert.Equal(2, (await client.EventsAsync(2)).Count);
        return failed;
    }

    private static async Task<WebApplication> ServeAsync(RequestDelegate answer)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var app = builder.Build();
        app.Run(answer);
        await app.StartAsync(Cancellation);
        return app;
    }
}
