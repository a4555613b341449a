using System.Text.Json.Nodes;
using AssetCompute.Client.Pages;
using Microsoft.Playwright;

namespace AssetCompute.Emulator.Tests;

/// <summary>
/// Each view in each size and color scheme. ASSET_COMPUTE_DOCS_PICTURES=1 saves a picture of each view in the folder of the test, and updates the pictures
/// of docs/workbench.md.
/// </summary>
[Trait("Category", "Browser")]
public sealed class ViewTests(BrowserFixture fixture)
{
    private static readonly bool TakesPictures = Environment.GetEnvironmentVariable("ASSET_COMPUTE_DOCS_PICTURES") == "1";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    internal static readonly (int Width, ColorScheme Scheme)[] Screens = [(1280, ColorScheme.Light), (1280, ColorScheme.Dark), (390, ColorScheme.Dark), (390, ColorScheme.Light)];

    [Fact]
    public async Task Views_have_no_violation_of_axe_and_are_as_wide_as_the_screen()
    {
        await using var emulator = await AssetComputeEmulator.StartAsync(Cancellation);
        await using var receiver = await WebhookReceiver.StartAsync();
        receiver.AnswerAll(503);
        await using var workbench = await WorkbenchPage.OpenAsync(fixture, emulator);
        await ExamineAsync(workbench.Page, "empty");
        var job = await FillAsync(emulator, receiver.Url);
        foreach (var (view, path) in new[] { ("jobs", "/"), ("failed", "/?state=failed"), ("nothing", "/?q=nothing+has+this"), ("run", $"/run?job={job}"), ("job", $"/jobs/{job}"),
            ("events", "/events"), ("calls", "/calls"), ("assets", "/assets"), ("faults", "/faults"), ("missing", "/jobs/none") })
        {
            await workbench.GoToAsync(path);
            if (view == "run")
            {
                await workbench.Page.GetByRole(AriaRole.Button, new() { Name = "Draw the crop" }).Nth(1).ClickAsync();
                await Assertions.Expect(workbench.Page.Locator("#area")).ToBeVisibleAsync();
                await Assertions.Expect(workbench.Page.Locator("#json-errors li")).ToHaveCountAsync(1);
            }
            else
            {
                foreach (var opened in new[] { "main details[data-load] > summary", "details[data-metadata] > summary", ".registration summary" })
                {
                    if (await workbench.Page.Locator(opened).First.IsVisibleAsync())
                    {
                        await workbench.Page.Locator(opened).First.ClickAsync();
                        await Assertions.Expect(workbench.Page.Locator("details[open] dl, details[open] pre").First).ToBeVisibleAsync();
                    }
                }
            }

            await ExamineAsync(workbench.Page, view);
        }
    }

    private static async Task ExamineAsync(IPage page, string view)
    {
        await Assertions.Expect(page.Locator("main")).ToBeVisibleAsync();
        foreach (var (i, (width, scheme)) in Screens.Index())
        {
            await page.SetViewportSizeAsync(width, width < 600 ? 844 : 900);
            await page.EmulateMediaAsync(new() { ColorScheme = scheme });

            // Without this wait, pictures that are still loading would be missing in some runs.
            await page.WaitForFunctionAsync("[...document.images].filter(image => image.offsetParent && image.loading !== 'lazy').every(image => image.complete)");
            if (TakesPictures)
            {
                await page.EvaluateAsync("scrollTo(0, 0)");
                await page.ScreenshotAsync(new() { Path = Path.Combine(AppContext.BaseDirectory, "pictures", $"workbench-{view}-{width}-{scheme}.png".ToLowerInvariant()), FullPage = true });
                if (width == 1280 && scheme == ColorScheme.Light && view is "job" or "run")
                {
                    await page.ScreenshotAsync(new() { Path = Path.Combine(TestFiles.Root, "docs", "images", $"workbench-{view}.png") });
                }
            }

            // The screens of one width differ only in their colors.
            Assert.Empty(await Axe.ViolationsAsync(page, onlyColors: i % 2 == 1, Cancellation));
            Assert.Equal(width, await page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
        }
    }

    /// <summary>Adds content to each view.</summary>
    /// <returns>The job that has all kinds of content.</returns>
    private static async Task<string> FillAsync(AssetComputeEmulator emulator, Uri webhook)
    {
        using var client = await ServiceClient.RegisteredAsync(emulator);
        for (var i = 0; i < 20; i++)
        {
            var name = i % 3 == 0 ? "sunset.jpg" : "friends.jpg";
            var thumbnail = RenditionTests.Rendition(emulator, $"{i}-thumbnail", "png", width: 140);
            thumbnail["name"] = "cq5dam.thumbnail.140.100.png";
            var web = RenditionTests.Rendition(emulator, $"{i}-web", i % 5 == 3 ? "xyz" : "jpg", width: 320);
            web["name"] = "cq5dam.web.1280.1280.jpeg";
            await client.ProcessAsync(new JsonObject { ["url"] = $"data:image/jpeg;base64,{Convert.ToBase64String(Images.Small(name, 160))}", ["name"] = name }, thumbnail, web);
        }

        await client.EventsAsync(40);
        emulator.Faults.Next(EmulatorOperation.Register, EmulatorFault.Answer(503));
        using var refused = await client.PostAsync("/register");
        emulator.Faults.Next(EmulatorOperation.Process, EmulatorFault.Answer(429));
        var registration = await emulator.Aem.Registrations.AddAsync(new() { Name = "Export of the campaign", WebhookUrl = webhook }, Cancellation);
        foreach (var path in new[] { "/content/dam/campaign/2026/summer/photograph-of-the-coast-by-night.jpg", "/content/dam/campaign/a.png" })
        {
            await emulator.Aem.AddAssetAsync(path, new byte[5000], metadata: new() { ["dc:title"] = "The coast by night" }, cancellationToken: Cancellation);
        }

        emulator.Aem.Publish("/content/dam/campaign/a.png");
        await Waiting.UntilAsync(() => Task.FromResult(registration.Attempts.Count > 0));
        var job = await HostileFileTests.RunAsync(client.Http, JsonNode.Parse("""
            {"source":{"kept":"photograph"},"renditions":[{"fmt":"png","name":"thumbnail.png","width":140,"height":100},{"fmt":"jpg","name":"web.jpg","width":1280,"quality":85,"crop":{"x":200,"y":100,"w":600,"h":400}},
            {"fmt":"xyz","name":"unknown.xyz"}]}
            """)!.AsObject());
        await KeptFileTests.EndedAsync(client.Http, job);
        return job;
    }
}
