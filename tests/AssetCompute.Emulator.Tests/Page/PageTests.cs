using System.Text.Json.Nodes;
using Microsoft.Playwright;

namespace AssetCompute.Emulator.Tests;

[Trait("Category", "Browser")]
public sealed class PageTests(BrowserFixture fixture)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Job_appears_live_in_one_line_and_opens_with_its_events_calls_and_failure()
    {
        await using var emulator = await AssetComputeEmulator.StartAsync(Cancellation);
        using var client = await ServiceClient.RegisteredAsync(emulator);
        await using var workbench = await WorkbenchPage.OpenAsync(fixture, emulator);
        var page = workbench.Page;
        await Assertions.Expect(page.GetByText("No job yet")).ToBeVisibleAsync();

        var named = RenditionTests.Rendition(emulator, "small.png", "png", width: 90);
        named["name"] = "small.png";
        await client.ProcessAsync(RenditionTests.DataUri("sunset.jpg"), named, RenditionTests.Rendition(emulator, "x", "xyz"));

        var row = page.Locator(".job");
        await Assertions.Expect(row.Locator(".state")).ToHaveTextAsync("failed");
        await Assertions.Expect(row.Locator(".badge.ok")).ToContainTextAsync("small.png");
        await Assertions.Expect(row.Locator(".reason")).ToContainTextAsync("RenditionFormatUnsupported");
        Assert.InRange((await row.BoundingBoxAsync())!.Height, 20, 44);
        await row.Locator("a").ClickAsync();
        await Assertions.Expect(page.Locator("tr", new() { HasText = "small.png" })).ToContainTextAsync("90 × 60");
        await Assertions.Expect(page.Locator("tr", new() { HasText = "RenditionFormatUnsupported" })).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator(".event")).ToHaveCountAsync(2);
        await Assertions.Expect(page.Locator(".call")).ToHaveCountAsync(2);
        await page.Locator(".event", new() { HasText = "small.png" }).ClickAsync();
        await Assertions.Expect(page.Locator(".loaded pre")).ToContainTextAsync("\"type\": \"rendition_created\"");
        await client.EventsAsync(2);
        await Assertions.Expect(page.GetByText("first read at")).ToHaveCountAsync(2);

        // An event links to its job.
        var job = page.Url;
        await page.GotoAsync(emulator.Endpoint + "events");
        await page.GetByRole(AriaRole.Link, new() { Name = "Job data URI" }).First.ClickAsync();
        await Assertions.Expect(page).ToHaveURLAsync(job);
    }

    [Fact]
    public async Task Jobs_are_found_by_state_name_request_id_and_reason_and_more_come_on_demand()
    {
        await using var emulator = await AssetComputeEmulator.StartAsync(
            options =>
            {
                options.Rendering.Mode = EmulatorRenderingMode.None;
                options.JobCapacity = 150;
            },
            Cancellation);
        using var client = await ServiceClient.RegisteredAsync(emulator);
        var requestId = "";
        for (var i = 0; i < 160; i++)
        {
            var rendition = RenditionTests.Rendition(emulator, "same", "png");
            rendition["name"] = $"rendition-{i}.png";
            requestId = await client.ProcessAsync(new JsonObject { ["url"] = "data:,x", ["name"] = $"source-{i}.jpg" }, rendition);
        }

        await client.EventsAsync(160);
        emulator.Faults.Next(EmulatorOperation.BlobWrite, EmulatorFault.Answer(403));
        await client.ProcessAsync("data:,x", RenditionTests.Rendition(emulator, "failing", "png"));
        await client.EventsAsync(161);
        await using var workbench = await WorkbenchPage.OpenAsync(fixture, emulator);
        var page = workbench.Page;
        var rows = page.Locator(".job");
        await Assertions.Expect(rows).ToHaveCountAsync(50);
        await Assertions.Expect(page.Locator(".tools .end")).ToContainTextAsync("Newest 50 of 150, 11 older ones were removed");

        await page.Locator(".more a").ClickAsync();
        await Assertions.Expect(rows).ToHaveCountAsync(100);
        await page.Locator(".more a").ClickAsync();
        await Assertions.Expect(rows).ToHaveCountAsync(150);
        await page.GetByText("Failed 1").ClickAsync();
        await Assertions.Expect(rows).ToHaveCountAsync(1);
        await page.GetByText("All 150").ClickAsync();
        await Assertions.Expect(rows).ToHaveCountAsync(50);
        foreach (var (text, name) in new[] { (requestId, "source-159.jpg"), ("SOURCE-77", "source-77.jpg"), ("rendition-31.", "source-31.jpg"), ("genericerror", "data URI") })
        {
            await page.GetByRole(AriaRole.Searchbox).FillAsync(text);
            await Assertions.Expect(rows).ToHaveCountAsync(1);
            await Assertions.Expect(rows.Locator("a")).ToHaveTextAsync(name);
        }

        // The address preserves the view.
        await page.ReloadAsync();
        await Assertions.Expect(rows).ToHaveCountAsync(1);
        await page.GetByRole(AriaRole.Searchbox).FillAsync("nothing has this");
        await Assertions.Expect(page.Locator(".empty")).ToContainTextAsync("nothing has this");
        await page.GetByRole(AriaRole.Button, new() { Name = "Clear" }).ClickAsync();
        await Assertions.Expect(page.GetByText("No job yet")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task What_the_reader_holds_stays_when_the_view_is_renewed()
    {
        await using var emulator = await AssetComputeEmulator.StartAsync(options => options.Rendering.Mode = EmulatorRenderingMode.None, Cancellation);
        using var client = await ServiceClient.RegisteredAsync(emulator);
        await client.ProcessAsync("data:,x", RenditionTests.Rendition(emulator, "first", "png"));
        await client.EventsAsync(1);
        await using var workbench = await WorkbenchPage.OpenAsync(fixture, emulator, "/events");
        var page = workbench.Page;
        await page.Locator("summary").First.FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.Locator(".loaded pre")).ToContainTextAsync("rendition_created");
        var opened = await page.Locator("details[open]").GetAttributeAsync("data-key");

        await client.ProcessAsync("data:,x", RenditionTests.Rendition(emulator, "second", "png"));

        await Assertions.Expect(page.Locator(".event")).ToHaveCountAsync(2);
        await Assertions.Expect(page.Locator("details[open]")).ToHaveAttributeAsync("data-key", opened!);
        await Assertions.Expect(page.Locator(".loaded pre")).ToContainTextAsync("rendition_created");
        Assert.Equal(opened, await page.EvaluateAsync<string>("document.activeElement.closest('details').dataset.key"));
        var search = page.GetByRole(AriaRole.Searchbox);
        await search.PressSequentiallyAsync("png");
        await client.ProcessAsync("data:,x", RenditionTests.Rendition(emulator, "third", "png"));
        await Assertions.Expect(page.Locator(".event")).ToHaveCountAsync(3);
        await Assertions.Expect(search).ToHaveValueAsync("png");
        await Assertions.Expect(search).ToBeFocusedAsync();
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
        await using var workbench = await WorkbenchPage.OpenAsync(fixture, emulator, "/calls");
        var page = workbench.Page;

        await page.Locator("summary", new() { HasText = "/process" }).ClickAsync();

        await Assertions.Expect(page.Locator("pre:visible").First).ToContainTextAsync("Authorization: Bearer ***");
        await Assertions.Expect(page.Locator("pre:visible").Last).ToContainTextAsync("X-Request-Id:");
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
        await using var workbench = await WorkbenchPage.OpenAsync(fixture, emulator, "/assets");
        var page = workbench.Page;
        await Assertions.Expect(page.Locator("main")).ToContainTextAsync("No registrations yet.");

        var registration = await emulator.Aem.Registrations.AddAsync(new() { Name = "export <b>", WebhookUrl = new Uri(receiver.Url + "?key=secret") }, Cancellation);
        await emulator.Aem.AddAssetAsync("/content/dam/a.png", new byte[5], metadata: new() { ["dc:title"] = "<b>" }, cancellationToken: Cancellation);
        await emulator.Aem.AddAssetAsync("/content/dam/b.png", new byte[5], cancellationToken: Cancellation);
        emulator.Aem.Publish("/content/dam/a.png");

        var registered = page.Locator(".registration", new() { HasText = "export <b>" });
        await Assertions.Expect(registered).ToContainTextAsync("0 delivered, 0 dropped, 1 waiting");
        await registered.Locator("summary").ClickAsync();
        await Assertions.Expect(registered.Locator("pre")).ToContainTextAsync("503  retrying, 1 events, retry 0");
        await Assertions.Expect(page.Locator(".asset", new() { HasText = "/content/dam/a.png" }).Locator(".state")).ToHaveTextAsync("published");
        await Assertions.Expect(page.Locator(".asset", new() { HasText = "/content/dam/b.png" }).Locator(".state")).ToHaveTextAsync("not published");
        registration.Disable();
        await Assertions.Expect(registered.Locator(".state")).ToHaveTextAsync("Disabled");
        Assert.DoesNotContain("key=secret", await page.ContentAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Hostile_text_stays_text_in_every_view()
    {
        await using var emulator = await AssetComputeEmulator.StartAsync(options => options.Rendering.Mode = EmulatorRenderingMode.None, Cancellation);
        using var client = await ServiceClient.RegisteredAsync(emulator);
        const string attack = "<img src=x onerror=\"document.title='owned'\"><script>document.title='owned'</script>";
        var rendition = RenditionTests.Rendition(emulator, "x", "png");
        rendition["name"] = attack;
        await client.ProcessAsync(new JsonObject { ["url"] = "data:,x", ["name"] = attack }, rendition);
        emulator.Publish(new JsonObject { ["type"] = attack });
        emulator.Faults.Next(EmulatorOperation.Token, EmulatorFault.Answer(400) with { Name = attack });
        await client.EventsAsync(2);
        await using var workbench = await WorkbenchPage.OpenAsync(fixture, emulator);
        var page = workbench.Page;
        await Assertions.Expect(page.Locator(".job a")).ToHaveTextAsync(attack);
        var job = await page.Locator(".job a").GetAttributeAsync("href");

        foreach (var path in new[] { "/", job!, "/events", "/calls", "/faults", $"/?q={Uri.EscapeDataString(attack)}", $"/?state={Uri.EscapeDataString(attack)}" })
        {
            await workbench.GoToAsync(path);
            foreach (var summary in await page.Locator("summary").AllAsync())
            {
                await summary.ClickAsync();
            }

            Assert.EndsWith("Asset Compute emulator", await page.TitleAsync(), StringComparison.Ordinal);
            await Assertions.Expect(page.Locator("main script, main img[src=x]")).ToHaveCountAsync(0);
        }

        Assert.Empty(workbench.Problems);
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
        foreach (var (width, scheme) in ViewTests.Screens)
        {
            await using var workbench = await WorkbenchPage.OpenAsync(fixture, emulator, width: width, scheme: scheme);
            var page = workbench.Page;
            await Assertions.Expect(page.Locator(".job")).ToHaveCountAsync(50);
            Assert.True(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), "The page is wider than the screen.");
            Assert.True(await page.EvaluateAsync<int>("[...document.querySelectorAll('.job')].filter(row => row.getBoundingClientRect().bottom <= innerHeight).length") >= 12, "Fewer than a dozen jobs are on a screen.");
        }
    }
}
