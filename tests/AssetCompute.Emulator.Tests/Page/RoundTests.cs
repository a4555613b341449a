using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace AssetCompute.Emulator.Tests;

/// <summary>A user session on the page, from the first view to the last.</summary>
[Trait("Category", "Browser")]
public sealed partial class RoundTests(BrowserFixture fixture)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1280, ColorScheme.Light)]
    [InlineData(390, ColorScheme.Dark)]
    public async Task Round_from_the_empty_page_to_the_cleared_one(int width, ColorScheme scheme)
    {
        await using var emulator = await AssetComputeEmulator.StartAsync(Cancellation);
        await using var workbench = await WorkbenchPage.OpenAsync(fixture, emulator, width: width, scheme: scheme);
        var page = workbench.Page;

        // Select the photo, then drop another file to replace it.
        await page.GetByText("Use this photograph").ClickAsync();
        await Assertions.Expect(page.Locator("#stage-note")).ToContainTextAsync("photograph.jpg – ");
        await DropAsync(page, "aitzgorri.jpg");
        await Assertions.Expect(page.Locator("#stage-note")).ToContainTextAsync("aitzgorri.jpg – ");

        // Request three renditions, the first with a crop, and one that fails.
        await page.GetByRole(AriaRole.Button, new() { Name = "+ zoom 2048" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "+ other" }).ClickAsync();
        var rows = page.Locator(".rendition");
        await Assertions.Expect(rows).ToHaveCountAsync(4);
        await rows.Nth(3).GetByLabel("Format").FillAsync("xyz");
        await Assertions.Expect(page.Locator("#json-errors")).ToContainTextAsync("Format xyz is not supported.");
        await Assertions.Expect(rows.Nth(3).GetByRole(AriaRole.Alert)).ToContainTextAsync("Format xyz is not supported.");
        await DrawCropAsync(page, rows.First);
        await page.EvaluateAsync("window.isSame = true");
        await page.GetByRole(AriaRole.Button, new() { Name = "Run", Exact = true }).ClickAsync();

        // The results appear without a page reload.
        await Assertions.Expect(page).ToHaveURLAsync(JobAddress());
        await page.EvaluateAsync("window.isSame = true");
        await Assertions.Expect(page.Locator("table .state.ok")).ToHaveCountAsync(3);
        await Assertions.Expect(page.Locator("tr", new() { HasText = "RenditionFormatUnsupported" })).ToHaveCountAsync(1);
        await Assertions.Expect(page.Locator("h1")).ToHaveTextAsync("aitzgorri.jpg");
        Assert.True(await page.EvaluateAsync<bool>("window.isSame"));
        var requestId = await page.Locator(".job-facts .mono").InnerTextAsync();

        // The job opens from the list, and the slider reveals the source.
        await page.GetByRole(AriaRole.Link, new() { Name = "Jobs" }).ClickAsync();
        await page.Locator(".job a").ClickAsync();
        await Assertions.Expect(page).ToHaveURLAsync(JobAddress());
        var slider = page.GetByRole(AriaRole.Slider);
        await slider.FillAsync("20");
        await Assertions.Expect(page.Locator(".over")).ToHaveAttributeAsync("style", new Regex(@"inset\(0(px)? 80%"));
        await slider.PressAsync("ArrowRight");
        await Assertions.Expect(page.Locator(".over")).ToHaveAttributeAsync("style", new Regex(@"inset\(0(px)? 79%"));

        // The copied program creates the same rendition.
        await page.GetByRole(AriaRole.Button, new() { Name = "Copy as C#" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Copied" })).ToBeVisibleAsync();
        if (width == 1280)
        {
            var sha1 = await page.Locator("tr", new() { HasText = "SHA-1" }).Locator(".mono").InnerTextAsync();
            var lines = await CopiedProgram.RunAsync(await page.EvaluateAsync<string>("navigator.clipboard.readText()"));
            var folder = lines[^1].Trim();
            var file = Assert.Single(Directory.GetFiles(folder, "0-*"));
            Assert.Contains(lines, line => line.Contains($"Sha1 = {sha1}", StringComparison.Ordinal));
            using var http = new HttpClient();
            Assert.Equal(await http.GetByteArrayAsync(page.Url.Replace("/jobs/", "/emulator/files/", StringComparison.Ordinal) + "/0", Cancellation), await File.ReadAllBytesAsync(file, Cancellation));
            Directory.Delete(folder, recursive: true);
        }

        // Find the job by its state and by its request id.
        await page.GetByRole(AriaRole.Link, new() { Name = "Jobs" }).ClickAsync();
        await RunAsync(emulator, "ok.png");
        var jobs = page.Locator(".job");
        await page.GetByRole(AriaRole.Link, new() { Name = "Failed" }).ClickAsync();
        await Assertions.Expect(jobs).ToHaveCountAsync(width == 1280 ? 2 : 1);
        await page.GetByRole(AriaRole.Link, new() { NameRegex = new Regex("^All ") }).ClickAsync();
        await Assertions.Expect(jobs).ToHaveCountAsync(width == 1280 ? 3 : 2);
        await page.GetByRole(AriaRole.Searchbox).FillAsync(requestId);
        await Assertions.Expect(jobs).ToHaveCountAsync(1);

        // A fault for one name applies when the job runs again.
        await page.GetByRole(AriaRole.Link, new() { Name = "Faults" }).ClickAsync();
        await page.GetByLabel("Rendition name").FillAsync("web.jpg");
        await page.GetByLabel("Reason").FillAsync("SourceCorrupt");
        await page.Locator("form[data-fault=renditions]").GetByRole(AriaRole.Button).ClickAsync();
        await Assertions.Expect(page.Locator("#faults li")).ToContainTextAsync("web.jpg");
        await page.GetByRole(AriaRole.Link, new() { Name = "Jobs" }).ClickAsync();
        await page.GetByRole(AriaRole.Searchbox).FillAsync(requestId);
        await Assertions.Expect(jobs).ToHaveCountAsync(1);
        await jobs.Locator("a").ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Run again with changes" }).ClickAsync();
        await Assertions.Expect(page.Locator(".rendition")).ToHaveCountAsync(4);
        await page.Locator(".rendition").Nth(3).GetByRole(AriaRole.Button, new() { Name = "Remove" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Run", Exact = true }).ClickAsync();
        await Assertions.Expect(page).ToHaveURLAsync(JobAddress());
        await Assertions.Expect(page.Locator("tr", new() { HasText = "web.jpg" }).Filter(new() { HasText = "SourceCorrupt" })).ToHaveCountAsync(1);
        await Assertions.Expect(page.Locator("table .state.ok")).ToHaveCountAsync(2);

        // Abort a slow job.
        emulator.Faults.Next(EmulatorOperation.BlobWrite, EmulatorFault.Late(TimeSpan.FromHours(1)));
        await RunAsync(emulator, "slow.png");
        await page.GetByRole(AriaRole.Link, new() { Name = "Jobs" }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Open" }).ClickAsync();
        await Assertions.Expect(jobs).ToHaveCountAsync(1);
        await jobs.Locator("a").ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Abort" }).ClickAsync();
        await Assertions.Expect(page.Locator("tr", new() { HasText = "slow.png" })).ToContainTextAsync("aborted on the page");
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Abort" })).ToHaveCountAsync(0);

        await page.GetByRole(AriaRole.Link, new() { Name = "Jobs" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Clear" }).ClickAsync();
        await Assertions.Expect(page.GetByText("No job yet")).ToBeVisibleAsync();
        Assert.Equal(width, await page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
        Assert.Empty(workbench.Problems);
    }

    private static async Task DropAsync(IPage page, string photo)
    {
        var files = await page.EvaluateHandleAsync(
            "([name, text]) => { const files = new DataTransfer(); files.items.add(new File([Uint8Array.from(atob(text), c => c.charCodeAt(0))], name, { type: 'image/jpeg' })); return files; }",
            new[] { photo, Convert.ToBase64String(Images.Small(photo, 640)) });
        await page.DispatchEventAsync("#drop", "drop", new { dataTransfer = files });
    }

    /// <summary>Draws a crop in the middle of the picture, from a quarter to three quarters of each side.</summary>
    private static async Task DrawCropAsync(IPage page, ILocator row)
    {
        await row.GetByRole(AriaRole.Button, new() { Name = "Draw the crop" }).ClickAsync();
        await Assertions.Expect(page.Locator("#area")).ToBeVisibleAsync();

        // A drag that starts inside an existing crop moves the crop.
        await row.Locator("summary").ClickAsync();
        await row.GetByLabel("Crop x").FillAsync("600");
        await page.Locator("#picture").ScrollIntoViewIfNeededAsync();
        var box = (await page.Locator("#picture").BoundingBoxAsync())!;
        await page.Mouse.MoveAsync(box.X + (box.Width / 4), box.Y + (box.Height / 4));
        await page.Mouse.DownAsync();
        await page.Mouse.MoveAsync(box.X + (box.Width / 2), box.Y + (box.Height / 2));
        await page.Mouse.MoveAsync(box.X + (3 * box.Width / 4), box.Y + (3 * box.Height / 4));
        await page.Mouse.UpAsync();
        var crop = JsonNode.Parse(await page.Locator("#json").InputValueAsync())!["renditions"]![0]!["crop"]!;
        Assert.InRange(crop["x"]!.GetValue<int>(), 155, 165);
        Assert.InRange(crop["w"]!.GetValue<int>(), 312, 328);
        await Assertions.Expect(row.GetByLabel("Crop width")).ToHaveValueAsync($"{crop["w"]}");
    }

    /// <summary>Runs a job with one rendition through the page's API.</summary>
    private static async Task RunAsync(AssetComputeEmulator emulator, string name)
    {
        using var http = new HttpClient { BaseAddress = emulator.Endpoint };
        using var body = new StringContent($$"""{"source":{"kept":"photograph"},"renditions":[{"fmt":"png","name":"{{name}}","width":20}]}""");
        using var response = await http.PostAsync("/emulator/run", body, Cancellation);
        response.EnsureSuccessStatusCode();
    }

    [GeneratedRegex("/jobs/[0-9a-f]{32}$")]
    private static partial Regex JobAddress();
}
