using Microsoft.Playwright;

namespace AssetCompute.Emulator.Tests;

/// <summary>The Chromium of this machine.</summary>
public sealed class BrowserFixture : IAsyncLifetime
{
    private static readonly string[] Places = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

    private IPlaywright? _playwright;

    public IBrowser Browser { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        // A browser on a busy machine takes its time; what is waited for either comes or the test fails.
        Assertions.SetDefaultExpectTimeout(30_000);
        var program = Places.FirstOrDefault(File.Exists)
            ?? throw new InvalidOperationException("These tests need Chromium: sudo apt-get install chromium");
        _playwright = await Playwright.CreateAsync();
        Browser = await _playwright.Chromium.LaunchAsync(new() { ExecutablePath = program, Args = ["--no-sandbox"] });
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
