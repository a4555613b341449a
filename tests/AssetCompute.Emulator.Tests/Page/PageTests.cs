using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Playwright;

namespace AssetCompute.Emulator.Tests;

[Trait("Category", "Browser")]
public sealed partial class PageTests(BrowserFixture fixture) : IClassFixture<BrowserFixture>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Job_appears_live_with_thumbnail_event_and_failure()
    {
        await using var emulator = await AssetComputeEmulator.StartAsync(Cancellation);
        using var client = await ServiceClient.RegisteredAsync(emulator);
        var page = await OpenAsync(emulator);
        await Assertions.Expect(page.Locator("#live")).ToHaveTextAsync("Live");
        await Assertions.Expect(page.GetByText("No job yet.")).ToBeVisibleAsync();

        var named = RenditionTests.Rendition(emulator, "small.png", "png", width: 90);
        named["name"] = "small.png";
        await client.ProcessAsync(RenditionTests.DataUri("sunset.jpg"), named, RenditionTests.Rendition(emulator, "x", "xyz"));

        var job = page.Locator("article.job");
        await Assertions.Expect(job.Locator("li.created")).ToContainTextAsync("90 × 60");
        await Assertions.Expect(job.Locator("li.failed")).ToContainTextAsync("RenditionFormatUnsupported");
        var image = job.Locator("li.created img");
        await Assertions.Expect(image).ToBeVisibleAsync();
        await page.WaitForFunctionAsync("() => document.querySelector('li.created img').naturalWidth === 90");
        await job.Locator("li.created summary").ClickAsync();
        await Assertions.Expect(job.Locator("li.created pre")).ToContainTextAsync("\"type\": \"rendition_created\"");
        await Assertions.Expect(page.Locator("#journal li")).ToHaveCountAsync(2);
        await Assertions.Expect(page.Locator("#journal .position").First).ToHaveTextAsync(new System.Text.RegularExpressions.Regex("^[a-z]+:[0-9a-f-]{36}:[0-9a-f-]{36}$"));
    }

    [Fact]
    public async Task Picture_of_a_target_in_the_form_of_parts_is_shown_until_it_is_removed()
    {
        await using var emulator = await AssetComputeEmulator.StartAsync(Cancellation);
        using var client = await ServiceClient.RegisteredAsync(emulator);
        var rendition = RenditionTests.Rendition(emulator, "small.png", "png", width: 90);
        rendition["target"] = new JsonObject { ["urls"] = new JsonArray(emulator.Storage.CreateWriteUrl("small.png").OriginalString), ["maxPartSize"] = 1_000_000 };
        await client.ProcessAsync(RenditionTests.DataUri("sunset.jpg"), rendition);
        await client.EventsAsync(1);
        var page = await OpenAsync(emulator);
        await page.WaitForFunctionAsync("() => document.querySelector('li.created img').naturalWidth === 90");

        emulator.Storage.Remove("small.png");
        await page.ReloadAsync();

        await Assertions.Expect(page.Locator("li.created .picture")).ToHaveTextAsync("removed");
    }

    [Fact]
    public async Task Opened_details_stay_open_when_a_section_is_renewed()
    {
        await using var emulator = await AssetComputeEmulator.StartAsync(options => options.Rendering.Mode = EmulatorRenderingMode.None, Cancellation);
        using var client = await ServiceClient.RegisteredAsync(emulator);
        await client.ProcessAsync("data:,x", RenditionTests.Rendition(emulator, "first", "png"));
        await client.EventsAsync(1);
        var page = await OpenAsync(emulator);
        await Assertions.Expect(page.Locator("#live")).ToHaveTextAsync("Live");
        await page.Locator("#jobs summary").First.FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        var opened = await page.Locator("#jobs details[open]").GetAttributeAsync("data-key");

        await client.ProcessAsync("data:,x", RenditionTests.Rendition(emulator, "second", "png"));

        await Assertions.Expect(page.Locator("article.job")).ToHaveCountAsync(2);
        await Assertions.Expect(page.Locator("#jobs details[open]")).ToHaveAttributeAsync("data-key", opened!);
        Assert.Equal(opened, await page.EvaluateAsync<string>("document.activeElement.closest('details').dataset.key"));
    }

    [Fact]
    public async Task Call_shows_headers_of_both_sides_without_secrets()
    {
        await using var emulator = await AssetComputeEmulator.StartAsync(Cancellation);
        using var client = await ServiceClient.RegisteredAsync(emulator);
        await emulator.Storage.PutAsync("x", new byte[1], cancellationToken: Cancellation);
        using var read = await client.Http.GetAsync(emulator.Storage.CreateReadUrl("x"), Cancellation);
        await client.ProcessAsync(emulator.Storage.CreateReadUrl("x").AbsoluteUri, RenditionTests.Rendition(emulator, "y", "png"));
        await client.EventsAsync(1);
        var page = await OpenAsync(emulator);

        await page.Locator("#calls li", new() { HasText = "POST /process" }).Locator("summary").ClickAsync();

        await Assertions.Expect(page.Locator("#calls pre:visible")).ToContainTextAsync("Authorization: Bearer ***");
        await Assertions.Expect(page.Locator("#calls pre:visible")).ToContainTextAsync("X-Request-Id:");
        var html = await page.ContentAsync();
        Assert.DoesNotContain(client.Token, html, StringComparison.Ordinal);
        Assert.DoesNotContain("emulator-secret", html, StringComparison.Ordinal);
        Assert.DoesNotMatch("sig=[^*]", html);
    }

    [Fact]
    public async Task AEM_appears_live_with_what_is_published_and_what_became_of_deliveries()
    {
        await using var emulator = await AssetComputeEmulator.StartAsync(Cancellation);
        await using var receiver = await WebhookReceiver.StartAsync();
        receiver.AnswerAll(503);
        var page = await OpenAsync(emulator);
        await Assertions.Expect(page.Locator("#live")).ToHaveTextAsync("Live");
        await Assertions.Expect(page.Locator("#aem")).ToContainTextAsync("Nobody is registered for events of AEM.");

        var registration = await emulator.Aem.Registrations.AddAsync(new() { Name = "export <b>", WebhookUrl = new Uri(receiver.Url + "?key=secret") }, Cancellation);
        await emulator.Aem.AddAssetAsync("/content/dam/a.png", new byte[5], metadata: new Dictionary<string, string> { ["dc:title"] = "<b>" }, cancellationToken: Cancellation);
        await emulator.Aem.AddAssetAsync("/content/dam/b.png", new byte[5], cancellationToken: Cancellation);
        emulator.Aem.Publish("/content/dam/a.png");

        var registered = page.Locator("#aem li", new() { HasText = "export <b>" });
        await Assertions.Expect(registered).ToContainTextAsync("0 delivered, 0 dropped, 1 waiting");
        await registered.Locator("summary").ClickAsync();
        await Assertions.Expect(registered.Locator("pre")).ToContainTextAsync("503  retrying, 1 events, retry 0");
        await Assertions.Expect(page.Locator("#aem li", new() { HasText = "/content/dam/a.png" })).ToContainTextAsync("published");
        await Assertions.Expect(page.Locator("#aem li", new() { HasText = "/content/dam/b.png" })).ToContainTextAsync("not published");
        registration.Disable();
        await Assertions.Expect(registered.Locator("strong")).ToHaveTextAsync("Disabled");
        Assert.DoesNotContain("key=secret", await page.ContentAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Hostile_text_stays_text()
    {
        await using var emulator = await AssetComputeEmulator.StartAsync(options => options.Rendering.Mode = EmulatorRenderingMode.None, Cancellation);
        using var client = await ServiceClient.RegisteredAsync(emulator);
        const string attack = "<img src=x onerror=\"document.title='owned'\"><script>document.title='owned'</script>";
        var rendition = RenditionTests.Rendition(emulator, "x", "png");
        rendition["name"] = attack;
        await client.ProcessAsync(new JsonObject { ["url"] = "data:,x", ["name"] = attack }, rendition);
        emulator.Publish(new JsonObject { ["type"] = attack });
        await client.EventsAsync(2);

        var page = await OpenAsync(emulator);
        await Assertions.Expect(page.Locator("#live")).ToHaveTextAsync("Live");

        Assert.Equal("Asset Compute emulator", await page.TitleAsync());
        await Assertions.Expect(page.Locator("main script, main img[src=x]")).ToHaveCountAsync(0);
        await Assertions.Expect(page.Locator("article.job h3")).ToHaveTextAsync(attack);
    }

    [Fact]
    public async Task Fifty_jobs_are_readable_in_light_and_dark_and_on_a_phone()
    {
        await using var emulator = await AssetComputeEmulator.StartAsync(Cancellation);
        using var client = await ServiceClient.RegisteredAsync(emulator);
        string[] photos = ["sunset.jpg", "friends.jpg", "aitzgorri.jpg"];
        foreach (var photo in photos)
        {
            await emulator.Storage.PutAsync(photo, Images.Small(photo, 320), "image/jpeg", Cancellation);
        }

        for (var i = 0; i < 50; i++)
        {
            var thumbnail = RenditionTests.Rendition(emulator, $"{i}-thumbnail.png", "png", width: 140);
            thumbnail["name"] = "cq5dam.thumbnail.140.100.png";
            var web = RenditionTests.Rendition(emulator, $"{i}-web.jpg", i % 5 == 3 ? "xyz" : "jpg", width: 240);
            web["name"] = "cq5dam.web.1280.1280.jpeg";
            await client.ProcessAsync(emulator.Storage.CreateReadUrl(photos[i % 3]).AbsoluteUri, thumbnail, web);
        }

        await client.EventsAsync(100);
        emulator.Faults.LimitRate(EmulatorOperation.Process, 5, 10);
        emulator.Faults.Journal.DuplicateShare = 0.1;
        foreach (var (scheme, width) in new[] { ("light", 1280), ("dark", 1280), ("light", 360), ("dark", 360) })
        {
            await AssertReadableAsync(emulator, scheme, width);
        }
    }

    /// <summary>The picture of docs/emulator.md. With the environment variable <c>ASSET_COMPUTE_DOCS_PICTURES=1</c> it is taken anew.</summary>
    [Fact]
    public async Task All_sections_are_on_the_page_under_the_menu()
    {
        await using var emulator = await AssetComputeEmulator.StartAsync(Cancellation);
        using var client = await ServiceClient.RegisteredAsync(emulator);
        await emulator.Aem.Registrations.AddAsync(new() { Name = "export" }, Cancellation);
        await emulator.Aem.AddAssetAsync("/content/dam/album/sunset.jpg", TestFiles.Photo("sunset.jpg"), cancellationToken: Cancellation);
        emulator.Aem.Publish("/content/dam/album/sunset.jpg");
        foreach (var photo in new[] { "aitzgorri.jpg", "sunset.jpg" })
        {
            await emulator.Storage.PutAsync(photo, TestFiles.Photo(photo), "image/jpeg", Cancellation);
            var thumbnail = RenditionTests.Rendition(emulator, $"{photo}.png", "png", width: 140);
            thumbnail["name"] = "thumbnail.png";
            var web = RenditionTests.Rendition(emulator, $"{photo}.jpg", photo == "sunset.jpg" ? "xyz" : "jpg", width: 240);
            web["name"] = "web.jpg";
            await client.ProcessAsync(emulator.Storage.CreateReadUrl(photo).AbsoluteUri, thumbnail, web);
        }

        await client.EventsAsync(4);
        emulator.Faults.LimitRate(EmulatorOperation.Process, 5, 10);
        using var forgotten = await client.Http.DeleteAsync("/emulator/calls", Cancellation);
        using var read = await client.Http.GetAsync(emulator.Storage.CreateReadUrl("sunset.jpg.png"), Cancellation);
        emulator.Faults.Next(EmulatorOperation.Register, EmulatorFault.Answer(429));
        using var throttled = await client.PostAsync("/register");

        var page = await OpenAsync(emulator, width: 900);

        await Assertions.Expect(page.Locator("nav a")).ToHaveTextAsync(["Jobs", "Faults", "AEM", "Journal", "Calls"]);
        await Assertions.Expect(page.Locator("#live")).ToHaveTextAsync("Live");
        await Assertions.Expect(page.Locator("article.job")).ToHaveCountAsync(2);
        await Assertions.Expect(page.Locator("#faults li")).ToHaveTextAsync(["Process: 5 a second, 10 at once, then 429"]);
        await Assertions.Expect(page.Locator("#aem")).ToContainTextAsync("/content/dam/album/sunset.jpg");
        await Assertions.Expect(page.Locator("#journal li")).ToHaveCountAsync(5);
        await Assertions.Expect(page.Locator("#calls li").First).ToContainTextAsync("fault: status 429");
        await page.WaitForFunctionAsync("() => [...document.querySelectorAll('article img')].every(image => image.naturalWidth > 0)");
        if (Environment.GetEnvironmentVariable("ASSET_COMPUTE_DOCS_PICTURES") == "1")
        {
            await page.ScreenshotAsync(new() { Path = Path.Combine(TestFiles.Root, "docs", "images", "emulator-page.png"), FullPage = true });
        }
    }

    private async Task AssertReadableAsync(AssetComputeEmulator emulator, string scheme, int width)
    {
        var page = await OpenAsync(emulator, scheme, width);
        await Assertions.Expect(page.Locator("article.job")).ToHaveCountAsync(50);
        await Assertions.Expect(page.Locator("#live")).ToHaveTextAsync("Live");
        await page.WaitForFunctionAsync("() => { const image = document.querySelector('article img'); return image && image.naturalWidth > 0; }");

        Assert.True(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), "The page is wider than the screen.");
        Assert.InRange(await ContrastAsync(page, "article.job .facts"), 4.5, 21);
        Assert.InRange(await ContrastAsync(page, "li.failed .state"), 4.5, 21);
        Assert.InRange(await ContrastAsync(page, "h3"), 7, 21);
        if (Environment.GetEnvironmentVariable("EMULATOR_SCREENSHOTS") is { Length: > 0 } screenshots)
        {
            await page.ScreenshotAsync(new() { Path = Path.Combine(screenshots, $"{scheme}-{width}.png") });
            await page.Locator("nav a", new() { HasText = "Faults" }).ClickAsync();
            await page.ScreenshotAsync(new() { Path = Path.Combine(screenshots, $"{scheme}-{width}-faults.png") });
        }
    }

    private async Task<IPage> OpenAsync(AssetComputeEmulator emulator, string scheme = "light", int width = 1280)
    {
        var page = await fixture.NewPageAsync(new()
        {
            ColorScheme = scheme == "dark" ? ColorScheme.Dark : ColorScheme.Light,
            ViewportSize = new() { Width = width, Height = 900 },
        });
        await page.GotoAsync(emulator.Endpoint.AbsoluteUri);
        return page;
    }

    /// <summary>The contrast of a text against the nearest opaque background, as WCAG computes it.</summary>
    private static Task<double> ContrastAsync(IPage page, string selector) => page.EvaluateAsync<double>(
        """
        (selector) => {
          const rgb = (color) => color.match(/[\d.]+/g).map(Number);
          const luminance = ([r, g, b]) => [r, g, b].map((c) => c / 255).map((c) => c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
            .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
          const element = document.querySelector(selector);
          let behind = element;
          while (rgb(getComputedStyle(behind).backgroundColor)[3] === 0) behind = behind.parentElement;
          const [a, b] = [getComputedStyle(element).color, getComputedStyle(behind).backgroundColor].map(rgb).map(luminance);
          return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
        }
        """,
        selector);
}
