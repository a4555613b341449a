using System.Text.Json.Nodes;
using AssetCompute.Client.Tests.Http;
using RichardSzalay.MockHttp;

namespace AssetCompute.Client.Tests.Requests;

public class ProcessRequestValidatorTests
{
    private static readonly Uri Secure = new("https://target.example/a?sig=SECRET");

    public static TheoryData<string, Func<Rendition, Rendition>> Wrong { get; } = new()
    {
        { "Renditions[0].Format", rendition => rendition with { Format = null } },
        { "Renditions[0].Format", rendition => rendition with { Format = default(RenditionFormat) } },
        { "Renditions[0].Width", rendition => rendition with { Width = 0 } },
        { "Renditions[0].Height", rendition => rendition with { Height = -1 } },
        { "Renditions[0].Quality", rendition => rendition with { Quality = 0 } },
        { "Renditions[0].Quality", rendition => rendition with { Quality = 101 } },
        { "Renditions[0].EmbedBinaryLimit", rendition => rendition with { EmbedBinaryLimit = 0 } },
        { "Renditions[0].EmbedBinaryLimit", rendition => rendition with { EmbedBinaryLimit = 32_769 } },
        { "Renditions[0].JpegSize", rendition => rendition with { JpegSize = 0 } },
        { "Renditions[0].Dpi", rendition => rendition with { Dpi = 0 } },
        { "Renditions[0].Dpi", rendition => rendition with { Dpi = new Dpi(72, double.NaN) } },
        { "Renditions[0].ConvertToDpi", rendition => rendition with { ConvertToDpi = new Dpi(-1, 72) } },
        { "Renditions[0].ConvertToDpi", rendition => rendition with { ConvertToDpi = double.PositiveInfinity } },
        { "Renditions[0].Xmp", rendition => rendition with { Xmp = "<x/>" } },
        { "Renditions[0].Xmp", rendition => rendition with { Xmp = "abc" } },
        { "Renditions[0].Worker", rendition => rendition with { Worker = new Uri("http://worker.example/") } },
        { "Renditions[0].Worker", rendition => rendition with { Worker = new Uri("/worker", UriKind.Relative) } },
        { "Renditions[0].Target", rendition => rendition with { Target = new RenditionTarget("http://target.example/") } },
        { "Renditions[0].Target", rendition => rendition with { Target = new RenditionTarget("target.example") } },
        { "Renditions[0].Target", rendition => rendition with { Target = new RenditionTarget("data:image/png;base64,AAAA") } },
        { "Renditions[0].Target.Urls", rendition => rendition with { Target = new RenditionTarget([], 10) } },
        { "Renditions[0].Target.Urls[1]", rendition => rendition with { Target = new RenditionTarget(["https://p.example/1", "ftp://p.example/2"], 10) } },
        { "Renditions[0].Target.Urls[0]", rendition => rendition with { Target = new RenditionTarget([""], 10) } },
        { "Renditions[0].Target.MaxPartSize", rendition => rendition with { Target = new RenditionTarget(["https://p.example/1"], 0) } },
        { "Renditions[0].Target.MinPartSize", rendition => rendition with { Target = new RenditionTarget(["https://p.example/1"], 10, 11) } },
        { "Renditions[0].Target.MinPartSize", rendition => rendition with { Target = new RenditionTarget(["https://p.example/1"], 10, 0) } },
        { "Renditions[0].Target.Urls", rendition => rendition with { JpegSize = 21, Target = new RenditionTarget(["https://p.example/1", "https://p.example/2"], 10) } },
        { "Renditions[0].Files", rendition => rendition with { Format = RenditionFormat.Zip } },
        { "Renditions[0].Files[0].Url", rendition => rendition with { Files = [new ArchiveFile { Url = "http://f.example/" }] } },
        { "Renditions[0].Files[1].Url", rendition => rendition with { Files = [new Uri("https://f.example/"), new ArchiveFile { Url = "" }] } },
        { "Renditions[0].Watermark.Image", rendition => rendition with { Watermark = new Watermark { Image = "" } } },
        { "Renditions[0].Watermark.Image", rendition => rendition with { Watermark = new Watermark { Image = "http://w.example/" } } },
        { "Renditions[0].Watermark.Scale", rendition => rendition with { Watermark = new Watermark { Image = "https://w.example/", Scale = 1.01 } } },
        { "Renditions[0].Watermark.Scale", rendition => rendition with { Watermark = new Watermark { Image = "https://w.example/", Scale = double.NaN } } },
        { "Renditions[0].Crop.X", rendition => rendition with { Crop = new Crop { X = -1, Width = 1, Height = 1 } } },
        { "Renditions[0].Crop.Y", rendition => rendition with { Crop = new Crop { Y = -1, Width = 1, Height = 1 } } },
        { "Renditions[0].Crop.Width", rendition => rendition with { Crop = new Crop { Width = 0, Height = 1 } } },
        { "Renditions[0].Target", rendition => rendition with { Target = null } },
        { "Renditions[0].Watermark.Image", rendition => rendition with { Watermark = new Watermark { Image = "data:bogus;base64,AAAA" } } },
        { "Renditions[0].Files[0].Url", rendition => rendition with { Files = [new ArchiveFile { Url = "data:text/plain; charset=utf-8,a" }] } },
        { "Renditions[0].Crop.Height", rendition => rendition with { Crop = new Crop { Width = 1, Height = -5 } } },
    };

    public static TheoryData<Func<Rendition, Rendition>> Right { get; } = new()
    {
        rendition => rendition,
        rendition => rendition with { Quality = 1, Width = 1, Height = 1, EmbedBinaryLimit = 1, JpegSize = 1 },
        rendition => rendition with { Quality = 100, Width = int.MaxValue, EmbedBinaryLimit = 32_768, JpegSize = long.MaxValue },
        rendition => rendition with { Dpi = 0.1, ConvertToDpi = new Dpi(72, 300) },
        rendition => rendition with { Xmp = "PHgvPg==" },
        rendition => rendition with { Watermark = new Watermark { Image = "data:image/png;base64,AAAA", Scale = 0 } },
        rendition => rendition with { Watermark = new Watermark { Image = "https://w.example/?sig", Scale = 1 } },
        rendition => rendition with { Crop = new Crop { Width = 1, Height = 1 } },
        rendition => rendition with { Worker = new Uri("https://worker.example/"), Format = null },
        rendition => rendition with { Worker = new Uri("http://localhost:9000/") },
        rendition => rendition with { Target = new RenditionTarget("http://127.0.0.1:9000/a") },
        rendition => rendition with { Target = new RenditionTarget(["https://p.example/1", "http://[::1]/2"], 10, 10) },
        rendition => rendition with { JpegSize = 20, Target = new RenditionTarget(["https://p.example/1", "https://p.example/2"], 10) },
        rendition => rendition with { JpegSize = 1, Target = new RenditionTarget([.. Enumerable.Repeat("https://p.example/1", 3)], long.MaxValue) },
        rendition => rendition with { Format = RenditionFormat.Zip, Files = [new Uri("https://f.example/")] },
        rendition => rendition with { Format = null, CustomFields = new JsonObject { ["type"] = "image/png" } },
        rendition => rendition with { Format = "machine-metadata-json", CustomFields = new JsonObject { ["quality"] = 7000 } },
    };

    private static Rendition Good { get; } = new() { Format = RenditionFormat.Jpg, Target = Secure };

    [Theory]
    [MemberData(nameof(Wrong), DisableDiscoveryEnumeration = true)]
    public void Validate_rule_broken_names_the_property(string path, Func<Rendition, Rendition> change)
    {
        InvalidProcessRequestException exception = Fails(Request(change(Good)));

        ProcessRequestError error = Assert.Single(exception.Errors);
        Assert.Equal(path, error.PropertyPath);
        Assert.StartsWith(path + ": ", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Right), DisableDiscoveryEnumeration = true)]
    public void Validate_within_the_rules_passes(Func<Rendition, Rendition> change)
    {
        ProcessRequestValidator.Validate(Request(change(Good)));
    }

    [Fact]
    public void Validate_several_mistakes_are_all_named_with_their_places_and_ranges()
    {
        InvalidProcessRequestException exception = Fails(new ProcessRequest
        {
            Source = new AssetSource { Url = "ftp://source.example/a.jpg?sig=SECRET", Size = -1 },
            RequestId = "two words",
            Renditions = [Good, Good with { Width = -5, Target = new Uri(Secure, "b") }, Good with { Quality = 500, Target = new RenditionTarget("http://t.example/?sig=SECRET") }, null!],
        });

        Assert.Equal(
            ["RequestId", "Source.Url", "Source.Size", "Renditions[1].Width", "Renditions[2].Quality", "Renditions[2].Target", "Renditions[3]"],
            exception.Errors.Select(error => error.PropertyPath));
        Assert.Contains("Renditions[2].Quality: must be 1 to 100; it is 500.", exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("SECRET", exception.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Validate_no_renditions_is_an_error()
    {
        Assert.Equal("Renditions", Fails(new ProcessRequest { Source = Secure, Renditions = [] }).Errors.Single().PropertyPath);
        Assert.Equal("Renditions", Fails(new ProcessRequest { Source = Secure, Renditions = null! }).Errors.Single().PropertyPath);
    }

    [Fact]
    public void Validate_no_source_is_an_error_unless_no_rendition_needs_one()
    {
        Rendition zip = new() { Format = RenditionFormat.Zip, Files = [new Uri("https://f.example/")], Target = Secure };
        Rendition worker = new() { Worker = new Uri("https://worker.example/"), Target = new Uri(Secure, "w") };

        ProcessRequestValidator.Validate(new ProcessRequest { Renditions = [zip, worker] });

        Assert.Equal("Source", Fails(new ProcessRequest { Renditions = [zip, worker, Good with { Target = new Uri(Secure, "g") }] }).Errors.Single().PropertyPath);
    }

    [Theory]
    [InlineData("")]
    [InlineData("http://source.example/")]
    [InlineData("file:///etc/passwd")]
    [InlineData("data:nocomma")]
    [InlineData("https://")]
    public void Validate_source_that_cannot_be_read_is_an_error(string url)
    {
        Assert.Equal("Source.Url", Fails(Request(Good) with { Source = new AssetSource { Url = url } }).Errors.Single().PropertyPath);
    }

    [Fact]
    public void Validate_data_uri_of_megabytes_is_a_source()
    {
        ProcessRequestValidator.Validate(Request(Good) with { Source = AssetSource.FromBytes(new byte[8 * 1024 * 1024], "image/png") });
        ProcessRequestValidator.Validate(Request(Good) with { Source = new AssetSource { Url = "DATA:text/html;base64,AAAA" } });
    }

    [Fact]
    public void Validate_header_that_would_break_the_request_to_the_source_is_an_error()
    {
        ProcessRequest request = Request(Good) with { Source = new AssetSource { Url = "https://s.example/", Headers = new Dictionary<string, string> { ["X"] = "a\r\nb" } } };

        Assert.Equal("Source.Headers", Fails(request).Errors.Single().PropertyPath);
    }

    /// <summary>Adobe's worker sends no event if a URL contains such a character.</summary>
    [Theory]
    [InlineData("ü")]
    [InlineData(" ")]
    [InlineData("\U0001F600")]
    [InlineData("|")]
    [InlineData("%zz")]
    [InlineData("%4")]
    [InlineData("%")]
    [InlineData("\"")]
    [InlineData("<")]
    [InlineData(">")]
    [InlineData("\\")]
    [InlineData("^")]
    [InlineData("`")]
    [InlineData("{")]
    [InlineData("}")]
    [InlineData("[")]
    [InlineData("]")]
    [InlineData("\u007f")]
    [InlineData("a#b#")]
    public void Validate_UrlWithACharacterThatMustBeEscaped_NamesTheProperty(string character)
    {
        foreach (string url in (string[])["https://a.example/x" + character, "https://a.example/x?sig=" + character + "&a=SECRET", "https://a.example/x#" + character])
        {
            Assert.Equal("Source.Url", Fails(Request(Good) with { Source = new AssetSource { Url = url } }).Errors.Single().PropertyPath);
            Assert.Equal("Renditions[0].Target", Fails(Request(Good with { Target = new RenditionTarget(url) })).Errors.Single().PropertyPath);
            Assert.Equal("Renditions[0].Target.Urls[1]", Fails(Request(Good with { Target = new RenditionTarget(["https://a.example/1", url], 10) })).Errors.Single().PropertyPath);
            Assert.Equal("Renditions[0].Watermark.Image", Fails(Request(Good with { Watermark = new Watermark { Image = url } })).Errors.Single().PropertyPath);
            Assert.Equal("Renditions[0].Files[0].Url", Fails(Request(Good with { Files = [new ArchiveFile { Url = url }] })).Errors.Single().PropertyPath);
            InvalidProcessRequestException worker = Fails(Request(Good with { Worker = new Uri(url) }));
            Assert.Equal("Renditions[0].Worker", worker.Errors.Single().PropertyPath);
            Assert.DoesNotContain("SECRET", worker.ToString(), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("https://a.example/-._~:@!$&'()*+,;=/%20%C3%BC%7c?-._~:@!$&'()*+,;=/?%20#-._~:@!$&'()*+,;=/?")]
    [InlineData("https://user:p%40ss@a.example:8443/a")]
    [InlineData("http://[::1]:9000/a")]
    [InlineData("https://xn--bcher-kva.example/")]
    public async Task Validate_UrlThatRfc3986Allows_IsSentUnchanged(string url)
    {
        await using TestAccount account = new();
        string body = "";
        account.Network.When($"{TestAccount.Endpoint}/process").Respond(async request =>
        {
            body = await request.Content!.ReadAsStringAsync();
            return new HttpResponseMessage { Content = new StringContent("""{"ok":true,"requestId":"r"}""") };
        });

        await account.Client.ProcessAsync(Request(Good with { Target = new RenditionTarget(url) }) with { Source = new AssetSource { Url = url } }, TestContext.Current.CancellationToken);

        JsonNode sent = JsonNode.Parse(body)!;
        Assert.Equal(url, (string?)sent["source"]);
        Assert.Equal(url, (string?)sent["renditions"]![0]!["target"]);
    }

    [Theory]
    [InlineData("data:bogus;base64,AAAA")]
    [InlineData("data:text/plain; charset=utf-8;base64,AAAA")]
    [InlineData("data:text/;base64,AAAA")]
    [InlineData("data:;charset=utf-8,AAAA")]
    [InlineData("data:text/plain,two words")]
    [InlineData("data:text/plain,ü")]
    public void Validate_DataUriThatTheWorkerRejects_NamesTheProperty(string url) =>
        Assert.Equal("Source.Url", Fails(Request(Good) with { Source = new AssetSource { Url = url } }).Errors.Single().PropertyPath);

    [Theory]
    [InlineData("data:,a")]
    [InlineData("data:;base64,AAAA")]
    [InlineData("data:text/plain;charset=utf-8;base64,AAAA")]
    [InlineData("data:image/svg+xml;base64,AA+/")]
    [InlineData("data:application/vnd.adobe.photoshop;BASE64,AAAA")]
    public void Validate_DataUri_Passes(string url) => ProcessRequestValidator.Validate(Request(Good) with { Source = new AssetSource { Url = url } });

    [Fact]
    public void Validate_OneTargetForTwoRenditions_IsAnError()
    {
        Rendition parts = Good with { Target = new RenditionTarget(["https://p.example/1", Secure.OriginalString], 10) };
        Rendition other = Good with { Target = new Uri("https://target.example/a?sig=OTHER") };

        InvalidProcessRequestException exception = Fails(Request(Good) with { Renditions = [other, Good, parts, Good] });

        Assert.Equal(["Renditions[2].Target", "Renditions[3].Target"], exception.Errors.Select(error => error.PropertyPath));
        Assert.Contains("Renditions[1]", exception.Errors[0].Message, StringComparison.Ordinal);
        ProcessRequestValidator.Validate(Request(Good) with { Renditions = [Good, other] });
    }

    [Theory]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("a\r\nx-evil: 1")]
    [InlineData("ä")]
    public void Validate_request_id_that_cannot_stand_in_a_header_is_an_error(string requestId)
    {
        Assert.Equal("RequestId", Fails(Request(Good) with { RequestId = requestId }).Errors.Single().PropertyPath);
    }

    [Fact]
    public async Task ProcessAsync_invalid_request_sends_nothing()
    {
        await using TestAccount account = new();

        await Assert.ThrowsAsync<InvalidProcessRequestException>(() => account.Client.ProcessAsync(Request(Good with { Quality = 0 }), TestContext.Current.CancellationToken));
        await Assert.ThrowsAsync<ArgumentNullException>(() => account.Client.ProcessAsync(null!, TestContext.Current.CancellationToken));
    }

    private static ProcessRequest Request(Rendition rendition) => new() { Source = new Uri("https://source.example/a.jpg"), Renditions = [rendition] };

    private static InvalidProcessRequestException Fails(ProcessRequest request) =>
        Assert.Throws<InvalidProcessRequestException>(() => ProcessRequestValidator.Validate(request));
}
