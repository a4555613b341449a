using System.Text;
using System.Text.RegularExpressions;
using AssetCompute.Client.IntegrationTests.Samples;

namespace AssetCompute.Client.IntegrationTests.Docs;

/// <summary>
/// Tests that the code samples of docs/requests.md produce the pictures beside them from the Quickstart's photograph. Set the
/// environment variable <c>ASSET_COMPUTE_DOCS_PICTURES=1</c> to update the pictures.
/// </summary>
public sealed class DocumentedPictures(DocumentedPictures.PageRenditions page) : IClassFixture<DocumentedPictures.PageRenditions>
{
    private static readonly string s_mark = Path.Combine(SampleProgram.Root, "samples", "Quickstart", "photos", "watermark.png");
    private static readonly string s_pictures = Path.Combine(SampleProgram.Root, "docs", "images", "requests");
    private static readonly string s_page = File.ReadAllText(Path.Combine(SampleProgram.Root, "docs", "requests.md")).ReplaceLineEndings("\n");

    private static bool WritesPictures => Environment.GetEnvironmentVariable("ASSET_COMPUTE_DOCS_PICTURES") == "1";

    private static Rendition[] Instructions =>
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
        new Rendition { Name = "format.png", Format = RenditionFormat.Png, Width = 140 },
        new Rendition { Name = "format.gif", Format = RenditionFormat.Gif, Width = 140 },
        new Rendition { Name = "format.webp", Format = RenditionFormat.WebP, Width = 140 },
        new Rendition { Name = "format.tif", Format = RenditionFormat.Tif, Width = 140 },
    ];

    [Fact]
    public async Task Pictures_OfThePage_AreWhatItsCodeGives()
    {
        RenderedFolder rendered = page.Rendered;
        await rendered.MakeBeginningAsync("width.jpg", "interlace-off.jpg");
        await rendered.MakeBeginningAsync("interlace.jpg", "interlace-on.jpg");
        IReadOnlyList<PagePicture> pictures = PagePicture.Of(s_page, "images/requests");
        if (WritesPictures)
        {
            foreach (PagePicture picture in pictures)
            {
                File.Copy(rendered.File(picture.Name), Path.Combine(s_pictures, picture.Name), overwrite: true);
            }
        }

        Assert.Equal(Directory.EnumerateFiles(s_pictures).Select(Path.GetFileName).Order(StringComparer.Ordinal), pictures.Select(picture => picture.Name).Distinct().Order(StringComparer.Ordinal));
        foreach (PagePicture picture in pictures)
        {
            string shown = Path.Combine(s_pictures, picture.Name);
            double difference = await SampleProgram.CompareAsync(shown, rendered.File(picture.Name));
            Assert.True(difference < ToleranceOf(picture), $"{picture.Name} differs by {difference:0.0000} from what the code gives.");
            Assert.Equal(await SampleProgram.IdentifyAsync(shown), await rendered.IdentifyAsync("%m %w %h", picture.Name));
            Assert.InRange(new FileInfo(shown).Length, 1, 40_000);
            if (picture.Pixels is { } pixels)
            {
                Assert.Equal(pixels, await rendered.IdentifyAsync("%wx%h", picture.Name));
            }

            if (picture.Bytes is { } bytes)
            {
                // The compressed size varies slightly between versions of ImageMagick.
                Assert.Equal(bytes, new FileInfo(shown).Length);
                Assert.InRange(new FileInfo(rendered.File(picture.Name)).Length, bytes * 4 / 5, bytes * 5 / 4);
            }
        }
    }

    [Fact]
    public async Task Files_OfThePage_AreAsItSays()
    {
        RenderedFolder rendered = page.Rendered;

        Assert.Equal("JPEG", await rendered.IdentifyAsync("%[interlace]", "interlace.jpg"));
        Assert.Equal("None", await rendered.IdentifyAsync("%[interlace]", "width.jpg"));
        Assert.InRange(new FileInfo(rendered.File("jpeg-size.jpg")).Length, 4_000, 6_000);
        AssertShows(await rendered.IdentifyAsync("%f: %m %wx%h, %xx%y dots per inch\n", "dpi.jpg", "dpi-xy.jpg"));
        AssertShows(await rendered.IdentifyAsync("%f: %m %wx%h\n", "format.tif"));
    }

    [Fact]
    public async Task Metadata_OfThePage_ComeBack()
    {
        string packet = """<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description xmlns:dc="http://purl.org/dc/elements/1.1/" rdf:about=""><dc:rights>CC BY 4.0, Aitzol Berasategi</dc:rights></rdf:Description></rdf:RDF></x:xmpmeta>""";

        Rendition[] renditions =
        [
            new Rendition { Name = "metadata.xml", Format = RenditionFormat.Xmp },
            new Rendition { Name = "with-xmp.jpg", Format = RenditionFormat.Jpg, Width = 320, Xmp = Convert.ToBase64String(Encoding.UTF8.GetBytes(packet)) },
        ];

        using RenderedFolder rendered = await RenderedFolder.OfAsync(renditions);
        AssertShows((await File.ReadAllTextAsync(rendered.File("metadata.xml"), TestContext.Current.CancellationToken)).ReplaceLineEndings("\n").Trim());
        string written = Encoding.UTF8.GetString(await File.ReadAllBytesAsync(rendered.File("with-xmp.jpg"), TestContext.Current.CancellationToken));
        const string rights = "<dc:rights>CC BY 4.0, Aitzol Berasategi</dc:rights>";
        Assert.Contains(rights, written, StringComparison.Ordinal);
        AssertShows(rights);
    }

    /// <summary>Asserts that the page shows an output in a separate block.</summary>
    internal static void AssertShows(string output) => Assert.True(Regex.IsMatch(s_page, $"\n```[a-z]*\n{Regex.Escape(output)}\n```\n"), $"docs/requests.md does not show:\n{output}");

    private static Rendition[] Watermarks(byte[] logo)
    {
        Watermark watermark = new()
        {
            Image = $"data:image/png;base64,{Convert.ToBase64String(logo)}", // or an https URL, usually pre-signed
            Scale = 0.6,
        };

        return
        [
            new Rendition { Name = "watermark.jpg", Format = RenditionFormat.Jpg, Width = 320, Watermark = watermark },
            new Rendition { Name = "watermark-full.jpg", Format = RenditionFormat.Jpg, Width = 320, Watermark = watermark with { Scale = 1 } },
            new Rendition { Name = "watermark-small.jpg", Format = RenditionFormat.Jpg, Width = 320, Watermark = watermark with { Scale = 0.2 } },
        ];
    }

    /// <summary>
    /// The allowed root mean square difference, from 0 to 1. It is less than the difference of any two pictures in one section.
    /// The palette and dithering of a GIF vary between versions of ImageMagick.
    /// </summary>
    private static double ToleranceOf(PagePicture picture) => picture.Name.EndsWith(".gif", StringComparison.Ordinal) ? 0.06 : 0.015;

    /// <summary>The renditions of the page's code, rendered once for all tests.</summary>
    public sealed class PageRenditions : IAsyncLifetime
    {
        internal RenderedFolder Rendered { get; private set; } = null!;

        public async ValueTask InitializeAsync() =>
            Rendered = await RenderedFolder.OfAsync([.. Instructions, .. Watermarks(await File.ReadAllBytesAsync(s_mark, TestContext.Current.CancellationToken))]);

        public ValueTask DisposeAsync()
        {
            Rendered.Dispose();
            return default;
        }
    }
}
