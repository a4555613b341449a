using Microsoft.Playwright;

namespace AssetCompute.Emulator.Tests;

/// <summary>The emulator's page in a browser, with its console messages.</summary>
internal sealed class WorkbenchPage : IAsyncDisposable
{
    private readonly IBrowserContext _context;
    private readonly Uri _endpoint;

    private WorkbenchPage(IBrowserContext context, IPage page, Uri endpoint)
    {
        _context = context;
        _endpoint = endpoint;
        Page = page;
        page.Console += (_, message) => Problems.Add($"{message.Text} ({message.Location})");
        page.PageError += (_, error) => Problems.Add(error);
    }

    public IPage Page { get; }

    /// <summary>The console messages and script errors.</summary>
    public List<string> Problems { get; } = [];

    public static async Task<WorkbenchPage> OpenAsync(BrowserFixture browser, AssetComputeEmulator emulator, string path = "/", int width = 1280, ColorScheme scheme = ColorScheme.Light)
    {
        var context = await browser.NewContextAsync(new()
        {
            ColorScheme = scheme,
            ViewportSize = new() { Width = width, Height = width < 600 ? 844 : 900 },
            Permissions = ["clipboard-read", "clipboard-write"],
        });
        var page = new WorkbenchPage(context, await context.NewPageAsync(), emulator.Endpoint);
        await page.GoToAsync(path);
        return page;
    }

    public async Task GoToAsync(string path)
    {
        await Page.GotoAsync(new Uri(_endpoint, path).AbsoluteUri);
        await ExpectLiveAsync();
    }

    public Task ExpectLiveAsync() => Assertions.Expect(Page.Locator("#live")).ToHaveTextAsync("Live");

    public ValueTask DisposeAsync() => _context.DisposeAsync();
}
