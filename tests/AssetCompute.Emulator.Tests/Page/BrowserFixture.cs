using Microsoft.Playwright;

namespace AssetCompute.Emulator.Tests;

/// <summary>The installed Chromium browser.</summary>
public sealed class BrowserFixture : IAsyncLifetime
{
    private static readonly string[] Places = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

    private const int Patience = 300_000;

    private IPlaywright? _playwright;

    public IBrowser Browser { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        // A browser can be slow on a busy machine.
        Assertions.SetDefaultExpectTimeout(Patience);
        var program = Places.FirstOrDefault(File.Exists)
            ?? throw new InvalidOperationException("These tests need Chromium: sudo apt-get install chromium");
        _playwright = await Playwright.CreateAsync();
        Browser = await _playwright.Chromium.LaunchAsync(new() { ExecutablePath = program, Args = ["--no-sandbox"], Timeout = Patience });
    }

    /// <summary>Opens a page with the same timeout as the expectations.</summary>
    public async Task<IPage> NewPageAsync(BrowserNewPageOptions? options = null)
    {
        var page = await Browser.NewPageAsync(options);
        page.SetDefaultTimeout(Patience);
        return page;
    }

    /// <summary>Opens a context whose pages have the same timeout as the expectations.</summary>
    public async Task<IBrowserContext> NewContextAsync(BrowserNewContextOptions? options = null)
    {
        var context = await Browser.NewContextAsync(options);
        context.SetDefaultTimeout(Patience);
        return context;
    }

    public async ValueTask DisposeAsync()
    {
        if (Browser is not null)
        {
            await Browser.DisposeAsync();
        }

        _playwright?.Dispose();
    }
}
