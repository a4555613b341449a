using System.Net;
using Microsoft.Playwright;

namespace AssetCompute.Emulator.Tests;

/// <summary>Forms of the page, while the page changes around them.</summary>
public sealed partial class PageTests
{
    [Fact]
    public async Task Keyboard_alone_adds_a_fault_and_ends_it()
    {
        await using var emulator = await AssetComputeEmulator.StartAsync(Cancellation);
        using var client = await ServiceClient.RegisteredAsync(emulator);
        var page = await OpenAsync(emulator);
        await page.Keyboard.PressAsync("Tab");
        Assert.Equal("Skip to the jobs", await page.EvaluateAsync<string>("document.activeElement.textContent"));

        await page.Locator("#faults select[name=operation]").FocusAsync();
        await page.Keyboard.TypeAsync("Reg");
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.TypeAsync("503");
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.Locator("#faults li")).ToHaveTextAsync("Register: the next 1 → status 503");
        using var register = await client.PostAsync("/register");
        await Assertions.Expect(page.Locator("#faults .empty")).ToHaveTextAsync("No fault is on.");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, register.StatusCode);
        await Assertions.Expect(page.Locator("#calls li").First).ToContainTextAsync("fault: status 503");
    }

    [Fact]
    public async Task Form_that_is_taken_up_while_its_section_is_fetched_is_left_alone()
    {
        await using var emulator = await AssetComputeEmulator.StartAsync(Cancellation);
        var page = await fixture.NewPageAsync();
        var fetched = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var held = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await page.RouteAsync("**/emulator/sections/faults", async route =>
        {
            fetched.TrySetResult();
            await held.Task;
            await route.ContinueAsync();
        });
        await page.GotoAsync(emulator.Endpoint.AbsoluteUri);
        await fetched.Task.WaitAsync(Cancellation);
        await page.Locator("#faults select[name=operation]").FocusAsync();
        await page.Keyboard.TypeAsync("Reg");

        var answer = page.WaitForResponseAsync("**/emulator/sections/faults");
        held.SetResult();
        await (await answer).FinishedAsync();
        await page.EvaluateAsync("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))");

        Assert.Equal("Register", await page.EvaluateAsync<string?>("document.activeElement.value"));
    }
}
