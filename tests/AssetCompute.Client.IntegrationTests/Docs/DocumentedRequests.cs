using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using AssetCompute.Client.IntegrationTests.Samples;
using AssetCompute.Emulator;

namespace AssetCompute.Client.IntegrationTests.Docs;

/// <summary>
/// The code of docs/requests.md: each instruction is sent to the emulator with the Quickstart's photograph, and gives what the page says. With the
/// environment variable <c>ASSET_COMPUTE_DOCS_PICTURES=1</c> the pictures of the page are written anew from these very renditions.
/// </summary>
public sealed partial class DocumentedRequests
{
    private static readonly string s_photo = Path.Combine(SampleProgram.Root, "samples", "Quickstart", "photos", "picos-de-europa.jpg");
    private static readonly string s_mark = Path.Combine(SampleProgram.Root, "samples", "Quickstart", "photos", "watermark.png");
    private static readonly string s_pictures = Path.Combine(SampleProgram.Root, "docs", "images", "requests");

    private static bool WritesPictures => Environment.GetEnvironmentVariable("ASSET_COMPUTE_DOCS_PICTURES") == "1";

    [Fact]
    public async Task Instructions_OfThePage_GiveThePicturesOfThePage()
    {
        Rendition[] renditions =
        [
            new Rendition { Name = "width.jpg", Format = RenditionFormat.Jpg, Width = 320 },
            new Rendition { Name = "box.jpg", Format = RenditionFormat.Jpg, Width = 320, Height = 120 },
            new Rendition { Name = "crop.jpg", Format = RenditionFormat.Jpg, Crop = new Crop { X = 1000, Y = 700, Width = 1200, Height = 600 }, Width = 320 },
            new Rendition { Name = "quality-10.jpg", Format = RenditionFormat.Jpg, Width = 320, Quality = 10 },
            new Rendition { Name = "quality-90.jpg", Format = RenditionFormat.Jpg, Width = 320, Quality = 90 },
            new Rendition { Name = "jpeg-size.jpg", Format = RenditionFormat.Jpg, Width = 320, JpegSize = 6_000 },
            new Rendition { Name = "interlace.jpg", Format = RenditionFormat.Jpg, Width = 320, Interlace = true },
            new Rendition { Name = "dpi.jpg", Format = RenditionFormat.Jpg, Width = 320, Dpi = 300 },
            new Rendition { Name = "dpi-xy.jpg", Format = RenditionFormat.Jpg, Width = 320, Dpi = new Dpi(x: 300, y: 150) },
            new Rendition { Name = "convert-to-dpi.jpg", Format = RenditionFormat.Jpg, Width = 320, ConvertToDpi = 36 },
            new Rendition { Name = "format.png", Format = RenditionFormat.Png, Width = 200 },
            new Rendition { Name = "format.gif", Format = RenditionFormat.Gif, Width = 200 },
            new Rendition { Name = "format.webp", Format = RenditionFormat.WebP, Width = 200 },
            new Rendition { Name = "format.tif", Format = RenditionFormat.Tif, Width = 200 },
        ];

        using RenderedFolder rendered = await RenderedFolder.OfAsync(renditions);

        Assert.Equal("JPEG 320 240", await rendered.IdentifyAsync("width.jpg"));
        Assert.Equal("JPEG 160 120", await rendered.IdentifyAsync("box.jpg"));
        Assert.Equal("JPEG 320 160", await rendered.IdentifyAsync("crop.jpg"));
        Assert.True(rendered.SizeOf("quality-10.jpg") * 4 < rendered.SizeOf("quality-90.jpg"));
        Assert.InRange(rendered.SizeOf("jpeg-size.jpg"), 4_000, 6_000);
        Assert.Equal("JPEG", await rendered.IdentifyAsync("interlace.jpg", "%[interlace]"));
        Assert.Equal("None", await rendered.IdentifyAsync("width.jpg", "%[interlace]"));
        Assert.Equal("300x300 320 240", await rendered.IdentifyAsync("dpi.jpg", "%xx%y %w %h"));
        Assert.Equal("300x150 320 240", await rendered.IdentifyAsync("dpi-xy.jpg", "%xx%y %w %h"));
        Assert.Equal("160 120", await rendered.IdentifyAsync("convert-to-dpi.jpg", "%w %h"));
        Assert.Equal("PNG 200 150", await rendered.IdentifyAsync("format.png"));
        Assert.Equal("GIF 200 150", await rendered.IdentifyAsync("format.gif"));
        Assert.Equal("WEBP 200 150", await rendered.IdentifyAsync("format.webp"));
        Assert.Equal("TIFF 200 150", await rendered.IdentifyAsync("format.tif"));
        if (WritesPictures)
        {
            rendered.SavePictures("width.jpg", "box.jpg", "crop.jpg", "quality-10.jpg", "jpeg-size.jpg", "convert-to-dpi.jpg", "format.gif", "format.webp");
            await rendered.SaveBeginningAsync("width.jpg", "interlace-off.jpg");
            await rendered.SaveBeginningAsync("interlace.jpg", "interlace-on.jpg");
        }
    }

    [Fact]
    public async Task Watermarks_OfThePage_GiveThePicturesOfThePage()
    {
        byte[] logo = await File.ReadAllBytesAsync(s_mark, TestContext.Current.CancellationToken);

        Watermark watermark = new()
        {
            Image = $"data:image/png;base64,{Convert.ToBase64String(logo)}", // or an https URL, usually pre-signed
            Scale = 0.6,
        };

        Rendition[] renditions =
        [
            new Rendition { Name = "watermark.jpg", Format = RenditionFormat.Jpg, Width = 320, Watermark = watermark },
            new Rendition { Name = "watermark-full.jpg", Format = RenditionFormat.Jpg, Width = 320, Watermark = watermark with { Scale = 1 } },
            new Rendition { Name = "watermark-small.jpg", Format = RenditionFormat.Jpg, Width = 320, Watermark = watermark with { Scale = 0.2 } },
            new Rendition { Name = "without.jpg", Format = RenditionFormat.Jpg, Width = 320 },
        ];

        using RenderedFolder rendered = await RenderedFolder.OfAsync(renditions);

        Assert.Equal(4, renditions.Select(rendition => Convert.ToBase64String(File.ReadAllBytes(rendered.File(rendition.Name!)))).Distinct().Count());
        if (WritesPictures)
        {
            rendered.SavePictures("watermark.jpg", "watermark-full.jpg", "watermark-small.jpg");
        }
    }

    [Fact]
    public async Task Request_OfThePage_IsAnswered()
    {
        await using EmulatedAccount account = await EmulatedAccount.StartAsync();
        CancellationToken cancellationToken = TestContext.Current.CancellationToken;
        await account.Emulator.Storage.PutAsync("photo.jpg", await File.ReadAllBytesAsync(s_photo, cancellationToken), "image/jpeg", cancellationToken);
        IRenditionJobs jobs = account.Client.Jobs;
        string sourceUrl = account.Emulator.Storage.CreateReadUrl("photo.jpg").OriginalString;
        Uri thumbnailUrl = account.Emulator.Storage.CreateWriteUrl("thumbnail.png");
        Uri webUrl = account.Emulator.Storage.CreateWriteUrl("web.jpg");

        ProcessRequest request = new()
        {
            Source = new AssetSource { Url = sourceUrl, Name = "photo.jpg", MimeType = "image/jpeg" },
            Renditions =
            [
                new Rendition { Name = "thumbnail.png", Format = RenditionFormat.Png, Width = 140, Height = 100, Target = thumbnailUrl },
                new Rendition { Name = "web.jpg", Format = RenditionFormat.Jpg, Width = 1280, Quality = 85, Target = webUrl },
            ],
            UserData = new JsonObject { ["assetId"] = 4711 },
        };
        RenditionJobResult result = await jobs.RunAsync(request, cancellationToken);

        Assert.True(result.Succeeded, $"{result}");
        Assert.Equal(4711, (int?)result.Renditions[1].UserData!["assetId"]);
        Assert.Equal((1280, 960), (((RenditionCreated)result.Renditions[1]).Metadata.ImageWidth, ((RenditionCreated)result.Renditions[1]).Metadata.ImageHeight));
    }

    [Fact]
    public async Task SmallRendition_ComesInItsEvent()
    {
        await using EmulatedAccount account = await EmulatedAccount.StartAsync();
        CancellationToken cancellationToken = TestContext.Current.CancellationToken;
        await account.Emulator.Storage.PutAsync("photo.jpg", await File.ReadAllBytesAsync(s_photo, cancellationToken), "image/jpeg", cancellationToken);
        Uri source = account.Emulator.Storage.CreateReadUrl("photo.jpg");
        Uri target = account.Emulator.Storage.CreateWriteUrl("icon.jpg");
        IRenditionJobs jobs = account.Client.Jobs;

        RenditionJobResult result = await jobs.RunAsync(new ProcessRequest
        {
            Source = source,
            Renditions = [new Rendition { Format = RenditionFormat.Jpg, Width = 48, EmbedBinaryLimit = 32_768, Target = target }],
        }, cancellationToken);
        byte[]? icon = result.Renditions[0] is RenditionCreated { Data: { } data } ? data.ToArray() : null; // null: it was larger, and is at its target

        Assert.Equal([0xFF, 0xD8], icon?[..2]);
        Assert.False(account.Emulator.Storage.Exists("icon.jpg"));
    }

    [Fact]
    public async Task Archive_HoldsTheFilesOfThePage()
    {
        await using EmulatedAccount account = await EmulatedAccount.StartAsync();
        CancellationToken cancellationToken = TestContext.Current.CancellationToken;
        EmulatorStorage storage = account.Emulator.Storage;
        await storage.PutAsync("a.txt", "one"u8.ToArray(), "text/plain", cancellationToken);
        await storage.PutAsync("b.txt", "two"u8.ToArray(), "text/plain", cancellationToken);
        (Uri first, Uri second, Uri target) = (storage.CreateReadUrl("a.txt"), storage.CreateReadUrl("b.txt"), storage.CreateWriteUrl("all.zip"));

        ProcessRequest request = new()
        {
            Renditions =
            [
                new Rendition
                {
                    Format = RenditionFormat.Zip, // needs no source
                    Files =
                    [
                        new ArchiveFile { Url = first.OriginalString, Path = "texts/one.txt" },
                        new ArchiveFile { Url = second.OriginalString, Path = "texts/one.txt" },
                        second,
                    ],
                    Duplicate = DuplicateHandling.Ignore, // the second file of a path is passed over; without this it is an error
                    Target = target,
                },
            ],
        };

        RenditionJobResult result = await account.Client.Jobs.RunAsync(request, cancellationToken);
        Assert.True(result.Succeeded, $"{result}");
        await using ZipArchive zip = new(new MemoryStream((await storage.GetAsync("all.zip", cancellationToken))!.Content.ToArray()));
        Assert.Equal(["b.txt", "texts/one.txt"], zip.Entries.Select(entry => entry.FullName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Text_OfThePage_IsTheDocuments()
    {
        await using EmulatedAccount account = await EmulatedAccount.StartAsync();
        CancellationToken cancellationToken = TestContext.Current.CancellationToken;
        Uri target = account.Emulator.Storage.CreateWriteUrl("letter.txt");

        ProcessRequest request = new()
        {
            Source = AssetSource.FromBytes("Dear reader"u8.ToArray(), "text/plain"),
            Renditions = [new Rendition { Name = "letter.txt", Format = RenditionFormat.Text, Target = target }],
        };
        RenditionJobResult result = await account.Client.Jobs.RunAsync(request, cancellationToken);

        Assert.True(result.Succeeded, $"{result}");
        Assert.Equal("Dear reader", Encoding.UTF8.GetString((await account.Emulator.Storage.GetAsync("letter.txt", cancellationToken))!.Content.Span));
    }

    [Fact]
    public async Task Texts_OfThePage_ComeBack()
    {
        string packet = """<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description xmlns:dc="http://purl.org/dc/elements/1.1/" rdf:about=""><dc:format>seen</dc:format></rdf:Description></rdf:RDF></x:xmpmeta>""";

        Rendition[] renditions =
        [
            new Rendition { Name = "metadata.xml", Format = RenditionFormat.Xmp },
            new Rendition { Name = "with-xmp.jpg", Format = RenditionFormat.Jpg, Width = 320, Xmp = Convert.ToBase64String(Encoding.UTF8.GetBytes(packet)) },
        ];

        using RenderedFolder rendered = await RenderedFolder.OfAsync(renditions);
        Assert.Contains("<rdf:RDF", await File.ReadAllTextAsync(rendered.File("metadata.xml"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Contains("<dc:format>seen</dc:format>", Encoding.UTF8.GetString(await File.ReadAllBytesAsync(rendered.File("with-xmp.jpg"), TestContext.Current.CancellationToken)), StringComparison.Ordinal);
    }

    [Fact]
    public void CustomFields_AreWrittenAsTheyAre()
    {
        Uri target = new("https://storage.example/rendition.png?signature=…");

        Rendition rendition = new()
        {
            Worker = new Uri("https://namespace.adobeioruntime.net/api/v1/web/my-worker/process"),
            Target = target,
            CustomFields = new JsonObject { ["colour"] = "#ff8800", ["rounded"] = true },
        };

        Assert.Equal("#ff8800", (string?)rendition.CustomFields["colour"]);
    }

    [Fact]
    public async Task BrokenRequest_NamesEveryProperty()
    {
        await using EmulatedAccount account = await EmulatedAccount.StartAsync();
        CancellationToken cancellationToken = TestContext.Current.CancellationToken;
        IRenditionJobs jobs = account.Client.Jobs;
        ProcessRequest request = new()
        {
            Source = new Uri("http://example.com/photo.jpg"),
            Renditions = [new Rendition { Format = "png", Quality = 101, Target = new Uri("https://storage.example/x.png") }],
        };
        List<string> lines = [];

        try
        {
            await jobs.RunAsync(request, cancellationToken);
        }
        catch (InvalidProcessRequestException invalid)
        {
            foreach (ProcessRequestError error in invalid.Errors)
            {
                Console.WriteLine($"{error.PropertyPath}: {error.Message}");
                lines.Add(error.ToString());
            }
        }

        string page = await File.ReadAllTextAsync(Path.Combine(SampleProgram.Root, "docs", "requests.md"), TestContext.Current.CancellationToken);
        Assert.Equal(2, lines.Count);
        Assert.All(lines, line => Assert.Contains(line, page, StringComparison.Ordinal));
    }
}
