using System.Text.RegularExpressions;
using AssetCompute.Client.IntegrationTests.Samples;
using AssetCompute.Client.Pages;
using AssetCompute.Emulator.Tests;
using AssetExport;
using Microsoft.Playwright;

namespace AssetCompute.Client.IntegrationTests.Export;

/// <summary>
/// Tests for the status page in Chromium. Set ASSET_COMPUTE_DOCS_PICTURES=1 to update the picture of docs/export.md and to save a picture of each view at each
/// size to the folder of the tests.
/// </summary>
public sealed class StatusPageTests(BrowserFixture browser)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static bool TakesPictures => Environment.GetEnvironmentVariable("ASSET_COMPUTE_DOCS_PICTURES") == "1";

    [Theory]
    [InlineData(1280, ColorScheme.Light)]
    [InlineData(390, ColorScheme.Dark)]
    public async Task Round_OfPublishFailFixAndTryAgain_IsSeenLive(int width, ColorScheme scheme)
    {
        await using ExportScenario scenario = await ExportScenario.CreateAsync();
        await scenario.StartAsync(ExportMode.Realtime);
        await scenario.RegisterAsync(webhook: true);
        await scenario.AddAsync("campaign/good.jpg");
        await scenario.AddAsync("campaign/bad.jpg");
        await scenario.AddAsync("campaign/later.jpg", immediately: "no");
        await using IBrowserContext context = await browser.NewContextAsync(new() { ViewportSize = new ViewportSize { Width = width, Height = 844 }, ColorScheme = scheme });
        IPage page = await context.NewPageAsync();
        List<string> console = [];
        page.Console += (_, line) => console.Add(line.Text);
        page.PageError += (_, error) => console.Add(error);
        await page.GotoAsync(scenario.Url.AbsoluteUri);
        await Assertions.Expect(page.Locator("#live")).ToHaveTextAsync("Live");
        await Assertions.Expect(Figure(page, "done")).ToHaveTextAsync("0 done");
        await AssertAccessibleAsync(page, "empty", width, scheme);

        // One of the assets can't be written because a folder with its name exists.
        Directory.CreateDirectory(Path.Combine(scenario.FileOf("campaign/bad.jpg"), "folder"));
        scenario.Emulator.Aem.Publish(["/content/dam/campaign/good.jpg", "/content/dam/campaign/bad.jpg", "/content/dam/campaign/later.jpg"]);
        await Assertions.Expect(Figure(page, "done")).ToHaveTextAsync("1 done");
        await Assertions.Expect(Figure(page, "failed")).ToHaveTextAsync("1 failed");
        await Assertions.Expect(page.Locator(".row.export")).ToContainTextAsync("campaign/bad.jpg");
        await AssertAccessibleAsync(page, "failed", width, scheme);

        await page.GetByRole(AriaRole.Searchbox).FillAsync("bad.jpg");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.Locator(".row.export")).ToHaveCountAsync(1);
        await AssertAccessibleAsync(page, "search", width, scheme);
        await page.Locator(".row.export .whole").ClickAsync();
        await Assertions.Expect(page.Locator("h1")).ToHaveTextAsync("/content/dam/campaign/bad.jpg");
        await Assertions.Expect(page.Locator(".panel .state")).ToHaveTextAsync("failed");
        await AssertAccessibleAsync(page, "asset", width, scheme);

        Directory.Delete(scenario.FileOf("campaign/bad.jpg"), recursive: true);
        await page.GetByRole(AriaRole.Button, new() { NameRegex = new Regex("^Try again") }).ClickAsync();
        await Assertions.Expect(page.Locator("#message")).ToContainTextAsync("Done.");
        await Assertions.Expect(page.Locator(".panel .state")).ToHaveTextAsync("done");
        await Assertions.Expect(page.Locator("#story")).ToContainTextAsync("by 127.0.0.1");
        Assert.Equal(ExportScenario.ContentOf("campaign/bad.jpg"), await File.ReadAllBytesAsync(scenario.FileOf("campaign/bad.jpg"), Token));

        // Pauses and resumes with the keyboard only.
        await page.GotoAsync(scenario.Url.AbsoluteUri);
        await page.GetByRole(AriaRole.Button, new() { Name = "Pause: folder" }).PressAsync("Enter");
        await Assertions.Expect(page.Locator(".badge.open")).ToHaveTextAsync("paused");
        await page.GetByRole(AriaRole.Button, new() { Name = "Resume: folder" }).PressAsync("Enter");
        await Assertions.Expect(page.Locator(".badge.open")).ToHaveCountAsync(0);
        await page.GotoAsync(new Uri(scenario.Url, "events").AbsoluteUri);
        await AssertAccessibleAsync(page, "events", width, scheme);
        Assert.Empty(console);
    }

    private static ILocator Figure(IPage page, string what) => page.Locator(".row.destination .figures li").Filter(new() { HasText = what });

    /// <summary>Asserts that axe-core finds no violation and that the page doesn't scroll horizontally.</summary>
    private static async Task AssertAccessibleAsync(IPage page, string view, int width, ColorScheme scheme)
    {
        if (TakesPictures)
        {
            await page.ScreenshotAsync(new() { Path = Path.Combine(AppContext.BaseDirectory, "pictures", $"export-{view}-{width}-{scheme}.png".ToLowerInvariant()), FullPage = true });
            if (view == "failed" && width == 1280)
            {
                // Replaces the temporary path in the picture with a typical one.
                await page.EvaluateAsync("() => document.querySelectorAll('.detail').forEach(detail => { detail.textContent = detail.textContent.replace(/'\\S*\\/exported\\//, \"'/srv/assets/\"); })");
                await page.ScreenshotAsync(new() { Path = Path.Combine(SampleProgram.Root, "docs", "images", "export-status.png"), Clip = new() { X = 0, Y = 0, Width = width, Height = 400 } });
            }
        }

        Assert.Empty(await Axe.ViolationsAsync(page, onlyColors: false, Token));
        Assert.Equal(width, await page.EvaluateAsync<int>("() => document.documentElement.scrollWidth"));
    }
}
