using AssetCompute.Emulator.Tests;
using Microsoft.Playwright;

[assembly: AssemblyFixture(typeof(BrowserFixture))]

namespace AssetCompute.Emulator.Tests;

/// <summary>The installed Chromium browser, shared by all tests. It starts when a test first needs it.</summary>
public sealed class BrowserFixture : IAsyncDisposable
{
    private static readonly string[] Places = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

    private const int Patience = 300_000;

    private readonly SemaphoreSlim _gate = new(1, 1);
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    /// <summary>Opens a context whose pages have the same timeout as the expectations. Dispose it: an open page keeps asking the server for changes.</summary>
    public async Task<IBrowserContext> NewContextAsync(BrowserNewContextOptions? options = null)
    {
        var browser = await StartAsync();

        // Without animations, the browser draws a page only when it changes.
        options ??= new();
        options.ReducedMotion = ReducedMotion.Reduce;
        var context = await browser.NewContextAsync(options);
        context.SetDefaultTimeout(Patience);
        return context;
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        _playwright?.Dispose();
        _gate.Dispose();
    }

    private async Task<IBrowser> StartAsync()
    {
        await _gate.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            if (_browser is null)
            {
                // A browser can be slow on a busy machine.
                Assertions.SetDefaultExpectTimeout(Patience);
                var program = Places.FirstOrDefault(File.Exists)
                    ?? throw new InvalidOperationException("These tests need Chromium: sudo apt-get install chromium");
                _playwright ??= await Playwright.CreateAsync();
                _browser = await _playwright.Chromium.LaunchAsync(new() { ExecutablePath = program, Args = ["--no-sandbox", "--disable-gpu"], Timeout = Patience });
            }

            return _browser;
        }
        finally
        {
            _gate.Release();
        }
    }
}
