using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using AssetCompute.Client.IntegrationTests.Samples;
using AssetCompute.Emulator;

namespace AssetCompute.Client.IntegrationTests.Docs;

/// <summary>Runs the code samples of docs/requests.md, except those of its pictures.</summary>
public sealed class DocumentedRequests
{
    [Fact]
    public async Task Request_OfThePage_IsAnswered()
    {
        await using EmulatedAccount account = await EmulatedAccount.StartAsync();
        CancellationToken cancellationToken = TestContext.Current.CancellationToken;
        await account.Emulator.Storage.PutAsync("photo.jpg", await RenderedFolder.PhotographAsync(), "image/jpeg", cancellationToken);
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
        RenditionJobResult result = await jobs.RunAsync(request, cancellationToken: cancellationToken);

        Assert.True(result.Succeeded, $"{result}");
        Assert.Equal(4711, (int?)result.Renditions[1].UserData!["assetId"]);
        Assert.Equal((1280, 960), (((RenditionCreated)result.Renditions[1]).Metadata.ImageWidth, ((RenditionCreated)result.Renditions[1]).Metadata.ImageHeight));
    }

    [Fact]
    public async Task SmallRendition_ComesInItsEvent()
    {
        await using EmulatedAccount account = await EmulatedAccount.StartAsync();
        CancellationToken cancellationToken = TestContext.Current.CancellationToken;
        await account.Emulator.Storage.PutAsync("photo.jpg", await RenderedFolder.PhotographAsync(), "image/jpeg", cancellationToken);
        Uri source = account.Emulator.Storage.CreateReadUrl("photo.jpg");
        Uri target = account.Emulator.Storage.CreateWriteUrl("icon.jpg");
        IRenditionJobs jobs = account.Client.Jobs;

        RenditionJobResult result = await jobs.RunAsync(new ProcessRequest
        {
            Source = source,
            Renditions = [new Rendition { Format = RenditionFormat.Jpg, Width = 48, EmbedBinaryLimit = 32_768, Target = target }],
        }, cancellationToken: cancellationToken);
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
                    Duplicate = "ignore", // the second file of a path is passed over; without this it is an error
                    Target = target,
                },
            ],
        };

        RenditionJobResult result = await account.Client.Jobs.RunAsync(request, cancellationToken: cancellationToken);
        Assert.True(result.Succeeded, $"{result}");
        await using ZipArchive zip = new(new MemoryStream((await storage.GetAsync("all.zip", cancellationToken))!.Content.ToArray()));
        DocumentedPictures.AssertShows(string.Join('\n', zip.Entries.Select(entry => entry.FullName)));
    }

    [Fact]
    public async Task Text_OfThePage_IsTheDocuments()
    {
        await using EmulatedAccount account = await EmulatedAccount.StartAsync();
        CancellationToken cancellationToken = TestContext.Current.CancellationToken;
        EmulatorStorage storage = account.Emulator.Storage;
        await storage.PutAsync("letter.docx", await WordDocumentAsync("Dear reader,", "the photograph was taken in the Picos de Europa.", "Yours, the editors"), cancellationToken: cancellationToken);
        Uri letter = storage.CreateReadUrl("letter.docx");
        Uri target = storage.CreateWriteUrl("letter.txt");

        ProcessRequest request = new()
        {
            Source = letter,
            Renditions = [new Rendition { Name = "letter.txt", Format = RenditionFormat.Text, Target = target }],
        };
        RenditionJobResult result = await account.Client.Jobs.RunAsync(request, cancellationToken: cancellationToken);

        Assert.True(result.Succeeded, $"{result}");
        DocumentedPictures.AssertShows(Encoding.UTF8.GetString((await storage.GetAsync("letter.txt", cancellationToken))!.Content.Span).Trim());
    }

    [Fact]
    public void CustomFields_AreWrittenAsTheyAre()
    {
        Uri target = new("https://storage.example/rendition.png?signature=…");

        Rendition rendition = new()
        {
            Worker = new Uri("https://namespace.adobeioruntime.net/api/v1/web/my-worker/process"),
            Target = target,
            CustomFields = new JsonObject { ["color"] = "#ff8800", ["rounded"] = true },
        };

        Assert.Equal("#ff8800", (string?)rendition.CustomFields["color"]);
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

        try
        {
            await jobs.RunAsync(request, cancellationToken: cancellationToken);
        }
        catch (InvalidProcessRequestException invalid)
        {
            foreach (ProcessRequestError error in invalid.Errors)
            {
                Console.WriteLine($"{error.PropertyPath}: {error.Message}");
            }
        }

        InvalidProcessRequestException thrown = await Assert.ThrowsAsync<InvalidProcessRequestException>(() => jobs.RunAsync(request, cancellationToken: cancellationToken));
        DocumentedPictures.AssertShows(string.Join('\n', thrown.Errors));
    }

    /// <summary>Creates a minimal Word document.</summary>
    private static async Task<byte[]> WordDocumentAsync(params string[] paragraphs)
    {
        using MemoryStream document = new();
        await using (ZipArchive archive = new(document, ZipArchiveMode.Create, leaveOpen: true))
        {
            await using StreamWriter writer = new(await archive.CreateEntry("word/document.xml").OpenAsync(TestContext.Current.CancellationToken));
            string body = string.Concat(paragraphs.Select(paragraph => $"<w:p><w:r><w:t>{paragraph}</w:t></w:r></w:p>"));
            await writer.WriteAsync($"""<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>{body}</w:body></w:document>""");
        }

        return document.ToArray();
    }
}
