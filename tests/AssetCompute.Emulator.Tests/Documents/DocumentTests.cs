using System.IO.Compression;
using System.Text;
using ImageMagick;

namespace AssetCompute.Emulator.Tests;

public sealed class DocumentTests(SharedEmulator shared) : IClassFixture<SharedEmulator>
{
    private const string Xmp = """<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description xmlns:dc="http://purl.org/dc/elements/1.1/" dc:title="Grüße"/></rdf:RDF></x:xmpmeta>""";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("text/plain", "Plain words.", "Plain words.", "us-ascii")]
    [InlineData("text/html", "<html><head><style>p{}</style></head><body><p>Grüße &amp; <b>Küsse</b></p><script>no()</script></body></html>", "Grüße & Küsse\n", "utf-8")]
    public async Task Text_of_a_source_with_its_encoding(string mediaType, string source, string expected, string encoding)
    {
        var emulator = shared.Emulator;
        using var client = await shared.NewClientAsync();

        var created = await client.EventOfAsync(
            $"data:{mediaType};base64,{Convert.ToBase64String(Encoding.UTF8.GetBytes(source))}", RenditionTests.Rendition(emulator, "text.txt", "text"));

        var blob = (await emulator.Storage.GetAsync("text.txt", Cancellation))!;
        Assert.Equal(expected, Encoding.UTF8.GetString(blob.Content.Span));
        Assert.Equal($"text/plain; charset={encoding}", blob.ContentType);
        Assert.Equal("text/plain", created["metadata"]!["dc:format"]!.GetValue<string>());
        Assert.Equal(encoding, created["metadata"]!["repo:encoding"]!.GetValue<string>());
        Assert.Null(created["metadata"]!["tiff:imageWidth"]);
    }

    [Fact]
    public async Task Text_of_a_Word_document()
    {
        var emulator = shared.Emulator;
        using var client = await shared.NewClientAsync();
        using var word = new MemoryStream();
        using (var archive = new ZipArchive(word, ZipArchiveMode.Create, leaveOpen: true))
        {
            await using var writer = new StreamWriter(archive.CreateEntry("word/document.xml").Open());
            await writer.WriteAsync("""<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r><w:t>One</w:t></w:r></w:p><w:p><w:r><w:t>Two</w:t></w:r></w:p></w:body></w:document>""");
        }

        await emulator.Storage.PutAsync("letter.docx", word.ToArray(), cancellationToken: Cancellation);
        await client.EventOfAsync(emulator.Storage.CreateReadUrl("letter.docx").AbsoluteUri, RenditionTests.Rendition(emulator, "text.txt", "text"));

        Assert.Equal("One\nTwo\n", Encoding.UTF8.GetString((await emulator.Storage.GetAsync("text.txt", Cancellation))!.Content.Span));
    }

    [Fact]
    public async Task Text_of_a_picture_is_unsupported()
    {
        var emulator = shared.Emulator;
        using var client = await shared.NewClientAsync();

        var failed = await client.EventOfAsync(RenditionTests.DataUri("friends.jpg"), RenditionTests.Rendition(emulator, "text.txt", "text"));

        Assert.Equal("RenditionFormatUnsupported", failed["errorReason"]!.GetValue<string>());
        Assert.Equal("No plan could be found for : image/jpeg -> text/plain", failed["errorMessage"]!.GetValue<string>());
    }

    [Fact]
    public async Task Pdf_gives_its_first_page_and_its_text()
    {
        var emulator = shared.Emulator;
        using var client = await shared.NewClientAsync();
        await emulator.Storage.PutAsync("letter.pdf", PdfFile.Of("Dear reader"), "application/pdf", Cancellation);
        var source = emulator.Storage.CreateReadUrl("letter.pdf").AbsoluteUri;

        var page = await client.EventOfAsync(source, RenditionTests.Rendition(emulator, "page.png", "png", width: 100));
        await client.EventOfAsync(source, RenditionTests.Rendition(emulator, "text.txt", "text"));

        Assert.True(page["type"]!.GetValue<string>() == "rendition_created", page.ToJsonString());
        Assert.Equal(100, page["metadata"]!["tiff:imageWidth"]!.GetValue<int>());
        Assert.Equal(50, page["metadata"]!["tiff:imageHeight"]!.GetValue<int>());
        Assert.Contains("Dear reader", Encoding.UTF8.GetString((await emulator.Storage.GetAsync("text.txt", Cancellation))!.Content.Span), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(200, null, "200x100")]
    [InlineData(null, null, "400x200")]
    public async Task Svg_is_drawn_at_the_size_that_is_asked_for(int? width, int? height, string expected)
    {
        var emulator = shared.Emulator;
        using var client = await shared.NewClientAsync();
        await emulator.Storage.PutAsync(
            "drawing.svg", """<?xml version="1.0"?><!DOCTYPE svg><svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1000 500" width="1000" height="500"><rect width="1000" height="500" fill="#00ff00"/></svg>"""u8.ToArray(),
            "image/svg+xml", Cancellation);

        var created = await client.EventOfAsync(
            emulator.Storage.CreateReadUrl("drawing.svg").AbsoluteUri, RenditionTests.Rendition(emulator, "result", "png", width, height));

        Assert.True(created["type"]!.GetValue<string>() == "rendition_created", created.ToJsonString());
        Assert.Equal(expected, $"{created["metadata"]!["tiff:imageWidth"]}x{created["metadata"]!["tiff:imageHeight"]}");
        using var image = await Images.ReadAsync(emulator, "result");
        Assert.Equal("#00FF00FF", image.ColorAt(20, 20));
    }

    [Theory]
    [InlineData("""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 200 100"><rect width="200" height="100" fill="#00ff00"/></svg>""")]
    [InlineData("""
         <?xml version="1.0" encoding="utf-8"?>
        <!-- Made by hand -->
        <!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd" [
          <!ENTITY ns_svg "http://www.w3.org/2000/svg">
          <!ENTITY green "#00ff00">
        ]>

        <svg xmlns="&ns_svg;" width="200" height="100">
          <style>rect { fill: &green; }</style>
          <rect width="200" height="100"/>
        </svg>

        <!-- The end -->

        """)]
    [InlineData("""<s:svg xmlns:s="http://www.w3.org/2000/svg" width="2in" height="1in" viewBox="0 0 2 1"><s:rect width="2" height="1" fill="#0f0"/></s:svg>""")]
    [InlineData("""<svg xmlns="http://www.w3.org/2000/svg" width="100%" height="100%" viewBox="0 0 200 100"><rect width="200" height="100" fill="lime"/></svg>""")]
    [InlineData("""
        <svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="200" height="100"><rect width="200" height="100" fill="#00ff00"/>
        <a xlink:href="https://www.example.com/" href="https://www.example.com/"><rect width="5" height="5"/></a></svg>
        """)]
    [InlineData("\uFEFF\n<?xml version=\"1.0\"?><svg xmlns=\"http://www.w3.org/2000/svg\" width=\"200\" height=\"100\"><rect width=\"200\" height=\"100\" fill=\"#00ff00\"/><text y=\"9\">@import url(a)</text></svg>")]
    public async Task Svg_as_it_comes_in_the_world_is_drawn(string svg)
    {
        var emulator = shared.Emulator;
        using var client = await shared.NewClientAsync();

        var created = await client.EventOfAsync(
            $"data:image/svg+xml;base64,{Convert.ToBase64String(Encoding.UTF8.GetBytes(svg))}", RenditionTests.Rendition(emulator, "result", "png", width: 100));

        Assert.True(created["type"]!.GetValue<string>() == "rendition_created", created.ToJsonString());
        using var image = await Images.ReadAsync(emulator, "result");
        Assert.Equal("Png 100x50", image.Describe());
        Assert.Equal("#00FF00FF", image.ColorAt(50, 25));
    }

    [Fact]
    public async Task Pdf_of_a_pdf_is_the_source_itself()
    {
        var emulator = shared.Emulator;
        using var client = await shared.NewClientAsync();
        var source = PdfFile.Of("Dear reader");

        await client.ProcessAsync($"data:application/pdf;base64,{Convert.ToBase64String(source)}", RenditionTests.Rendition(emulator, "copy.pdf", "pdf"));
        await client.ProcessAsync(RenditionTests.DataUri("friends.jpg"), RenditionTests.Rendition(emulator, "made.pdf", "pdf"));
        var events = await client.EventsAsync(2);

        Assert.Equal(source, (await emulator.Storage.GetAsync("copy.pdf", Cancellation))!.Content);
        var failed = events.Single(@event => @event["type"]!.GetValue<string>() == "rendition_failed");
        Assert.Equal("No plan could be found for : image/jpeg -> application/pdf", failed["errorMessage"]!.GetValue<string>());
    }

    [Fact]
    public async Task Xmp_is_extracted_or_says_at_least_what_the_file_is()
    {
        var emulator = shared.Emulator;
        using var client = await shared.NewClientAsync();
        var withXmp = RenditionTests.Rendition(emulator, "with.jpg", "jpg");
        withXmp["xmp"] = Convert.ToBase64String(Encoding.UTF8.GetBytes(Xmp));
        await client.EventOfAsync(RenditionTests.DataUri("friends.jpg"), withXmp);

        var created = await client.EventOfAsync(emulator.Storage.CreateReadUrl("with.jpg").AbsoluteUri, RenditionTests.Rendition(emulator, "found.xml", "xmp"));
        await client.EventOfAsync(RenditionTests.DataUri("friends.jpg"), RenditionTests.Rendition(emulator, "made.xml", "xmp"));

        Assert.Equal("text/xml", created["metadata"]!["dc:format"]!.GetValue<string>());
        var found = Encoding.UTF8.GetString((await emulator.Storage.GetAsync("found.xml", Cancellation))!.Content.Span);
        Assert.Contains(Xmp, found, StringComparison.Ordinal);
        var made = Encoding.UTF8.GetString((await emulator.Storage.GetAsync("made.xml", Cancellation))!.Content.Span);
        Assert.Contains("<dc:format>image/jpeg</dc:format>", made, StringComparison.Ordinal);
        Assert.Contains("<tiff:ImageWidth>600</tiff:ImageWidth>", made, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("jpg", MagickFormat.Jpeg)]
    [InlineData("png", MagickFormat.Png)]
    public async Task Xmp_is_written_back_and_no_pixel_changes(string format, MagickFormat magick)
    {
        var emulator = shared.Emulator;
        using var client = await shared.NewClientAsync();
        var bytes = Images.Small("sunset.jpg", 200, magick);
        using var source = new MagickImage(bytes);
        await emulator.Storage.PutAsync("source", bytes, cancellationToken: Cancellation);
        var rendition = RenditionTests.Rendition(emulator, "result", format);
        rendition["xmp"] = Convert.ToBase64String(Encoding.UTF8.GetBytes(Xmp));

        var created = await client.EventOfAsync(emulator.Storage.CreateReadUrl("source").AbsoluteUri, rendition);

        Assert.True(created["type"]!.GetValue<string>() == "rendition_created", created.ToJsonString());
        using var image = new MagickImage();
        var warnings = new List<string>();
        image.Warning += (_, warning) => warnings.Add(warning.Message);
        image.Read((await emulator.Storage.GetAsync("result", Cancellation))!.Content.Span);
        Assert.Empty(warnings);
        Assert.Equal(0, image.Compare(source, ErrorMetric.Absolute));
        await client.EventOfAsync(emulator.Storage.CreateReadUrl("result").AbsoluteUri, RenditionTests.Rendition(emulator, "packet", "xmp"));
        Assert.Contains(Xmp, Encoding.UTF8.GetString((await emulator.Storage.GetAsync("packet", Cancellation))!.Content.Span), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Xmp_into_a_format_that_cannot_hold_it_fails()
    {
        var emulator = shared.Emulator;
        using var client = await shared.NewClientAsync();
        var rendition = RenditionTests.Rendition(emulator, "result", "gif");
        rendition["xmp"] = "AAAA";

        var failed = await client.EventOfAsync(RenditionTests.DataUri("friends.jpg"), rendition);

        Assert.Equal("RenditionFormatUnsupported", failed["errorReason"]!.GetValue<string>());
    }
}
