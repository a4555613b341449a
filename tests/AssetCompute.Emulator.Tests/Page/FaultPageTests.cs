using System.Net;
using Microsoft.Playwright;

namespace AssetCompute.Emulator.Tests;

[Trait("Category", "Browser")]
public sealed class FaultPageTests(BrowserFixture fixture)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Keyboard_alone_adds_a_fault_that_strikes_and_is_seen()
    {
        await using var emulator = await AssetComputeEmulator.StartAsync(Cancellation);
        using var client = await ServiceClient.RegisteredAsync(emulator);
        await using var workbench = await WorkbenchPage.OpenAsync(fixture, emulator, "/faults");
        var page = workbench.Page;
        await page.Keyboard.PressAsync("Tab");
        Assert.Equal("Skip to the content", await page.EvaluateAsync<string>("document.activeElement.textContent"));

        await page.GetByLabel("Operation").FocusAsync();
        await page.Keyboard.TypeAsync("Reg");
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.TypeAsync("503");
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.Locator("#faults li")).ToHaveTextAsync("Register: the next 1 → status 503");
        using var register = await client.PostAsync("/register");
        await Assertions.Expect(page.GetByText("No active faults.")).ToBeVisibleAsync();

        Assert.Equal(HttpStatusCode.ServiceUnavailable, register.StatusCode);
        await page.GotoAsync(emulator.Endpoint + "calls?state=faults");
        await Assertions.Expect(page.Locator(".call")).ToContainTextAsync("fault: status 503");
    }

    [Fact]
    public async Task Rendition_fails_by_its_name_and_a_span_of_time_is_set_from_the_page()
    {
        await using var emulator = await AssetComputeEmulator.StartAsync(options => options.Rendering.Mode = EmulatorRenderingMode.None, Cancellation);
        using var client = await ServiceClient.RegisteredAsync(emulator);
        await using var workbench = await WorkbenchPage.OpenAsync(fixture, emulator, "/faults");
        var page = workbench.Page;
        var form = page.Locator("form[data-fault=renditions]");
        await form.GetByLabel("Rendition name").FillAsync("web.png");
        await form.GetByLabel("Reason").FillAsync("SourceCorrupt");
        await form.GetByRole(AriaRole.Button).ClickAsync();
        await Assertions.Expect(page.Locator("#faults li")).ToContainTextAsync("web.png");

        var web = RenditionTests.Rendition(emulator, "web", "png");
        web["name"] = "web.png";
        Assert.Equal("SourceCorrupt", (await client.EventOfAsync("data:,x", web))["errorReason"]!.GetValue<string>());

        var calls = page.Locator("form[data-fault=faults]");
        await calls.GetByLabel("From (seconds)").FillAsync("5");
        await calls.GetByLabel("Until (seconds)").FillAsync("4");
        await calls.GetByRole(AriaRole.Button).ClickAsync();
        await Assertions.Expect(calls.GetByRole(AriaRole.Alert)).ToContainTextAsync("out of its range");
        await calls.GetByLabel("Until (seconds)").FillAsync("9");
        await calls.GetByRole(AriaRole.Button).ClickAsync();
        await Assertions.Expect(page.Locator("#faults li")).ToHaveCountAsync(2);
        await page.GetByText("Remove all faults").ClickAsync();
        await Assertions.Expect(page.GetByText("No active faults.")).ToBeVisibleAsync();
    }
}
