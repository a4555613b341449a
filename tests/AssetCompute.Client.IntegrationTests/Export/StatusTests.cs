using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using AssetCompute.Emulator;
using AssetExport;

namespace AssetCompute.Client.IntegrationTests.Export;

/// <summary>The status page and its buttons.</summary>
public sealed class StatusTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Status_OfWhatCame_SaysWhatBecameOfIt()
    {
        await using ExportScenario scenario = await ExportScenario.CreateAsync();
        await scenario.StartAsync(ExportMode.Realtime);
        await scenario.AddAsync("<b>a</b>.txt");
        await scenario.AddAsync("later.txt", immediately: "no");
        await scenario.AddAsync("wrong.txt", "elsewhere");
        foreach (string name in (string[])["<b>a</b>.txt", "later.txt", "wrong.txt"])
        {
            await scenario.TellAsync($"/content/dam/{name}");
        }

        await scenario.WaitForCountAsync(ExportState.Exported, 1);
        await scenario.WaitForDecisionsAsync();

        JsonObject status = await scenario.StatusAsync();
        string overview = await scenario.Http.GetStringAsync(scenario.Url, Token);
        string exports = await scenario.Http.GetStringAsync(new Uri(scenario.Url, "exports"), Token);
        Assert.Equal([1, 1, 1], ((string[])["exported", "scheduled", "failed"]).Select(state => (int)status["totals"]![state]!));
        Assert.Equal("Realtime", (string)status["mode"]!);
        Assert.Null(status["journal"]);
        Assert.Contains("There is no destination &#x27;elsewhere&#x27; in the settings.", overview, StringComparison.Ordinal);
        Assert.Contains("not in the settings</span>", overview, StringComparison.Ordinal);
        Assert.Contains("&lt;b&gt;a&lt;/b&gt;.txt", exports, StringComparison.Ordinal);
        Assert.DoesNotContain("<b>a</b>", exports, StringComparison.Ordinal);
        Assert.DoesNotContain("emulator-secret", overview + exports, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("exports?q=photo", true, false)]
    [InlineData("exports?q=PHOTO", true, false)]
    [InlineData("exports?state=exported", true, false)]
    [InlineData("exports?state=failed&destination=elsewhere", false, true)]
    [InlineData("exports?destination=folder", true, false)]
    [InlineData("exports?q=nowhere", false, false)]
    public async Task Exports_BySearchAndFilters_AreThose(string query, bool hasPhoto, bool hasFilm)
    {
        await using ExportScenario scenario = await ExportScenario.CreateAsync();
        await scenario.StartAsync(ExportMode.Realtime);
        await scenario.AddAsync("photo.jpg");
        await scenario.AddAsync("film.mp4", "elsewhere");
        await scenario.TellAsync("/content/dam/photo.jpg");
        await scenario.TellAsync("/content/dam/film.mp4");
        await scenario.WaitForCountAsync(ExportState.Exported, 1);
        await scenario.WaitForCountAsync(ExportState.Failed, 1);

        string page = await scenario.Http.GetStringAsync(new Uri(scenario.Url, query), Token);

        Assert.Equal(hasPhoto, page.Contains("photo.jpg</a>", StringComparison.Ordinal));
        Assert.Equal(hasFilm, page.Contains("film.mp4</a>", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Asset_OfAPath_TellsItsStory()
    {
        await using ExportScenario scenario = await ExportScenario.CreateAsync();
        await scenario.StartAsync(ExportMode.Realtime);
        await scenario.AddAsync("a.txt");
        await scenario.TellAsync("/content/dam/a.txt");
        await scenario.WaitForAsync("a.txt", ExportState.Exported);

        string page = await scenario.Http.GetStringAsync(new Uri(scenario.Url, "asset?path=/content/dam/a.txt"), Token);
        using HttpResponseMessage unknown = await scenario.Http.GetAsync(new Uri(scenario.Url, "asset?path=/content/dam/b.txt"), Token);

        Assert.Contains(scenario.FileOf("a.txt"), page, StringComparison.Ordinal);
        Assert.Contains("What happened", page, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
    }

    [Fact]
    public async Task Page_ThatDidNotChange_IsNotSentAgain()
    {
        await using ExportScenario scenario = await ExportScenario.CreateAsync();
        await scenario.StartAsync(ExportMode.Realtime);
        EntityTagHeaderValue? known = null;

        // The first page may be older than what the export does at its start: a tag that is out of date brings the next one.
        HttpStatusCode status = HttpStatusCode.OK;
        for (int attempt = 0; attempt < 20 && status == HttpStatusCode.OK; attempt++)
        {
            using HttpRequestMessage request = new(HttpMethod.Get, scenario.Url);
            if (known is not null)
            {
                request.Headers.IfNoneMatch.Add(known);
            }

            using HttpResponseMessage answer = await scenario.Http.SendAsync(request, Token);
            (status, known) = (answer.StatusCode, answer.Headers.ETag);
        }

        Assert.Equal(HttpStatusCode.NotModified, status);
    }

    [Theory]
    [InlineData("localhost", 200)]
    [InlineData("127.0.0.1", 200)]
    [InlineData("[::1]:80", 200)]
    [InlineData("export.example.com", 200)]
    [InlineData("evil.example", 403)]
    [InlineData("localhost.evil.example", 403)]
    public async Task Page_UnderAHostName_AnswersOnlyToItsOwn(string host, int expected)
    {
        await using ExportScenario scenario = await ExportScenario.CreateAsync();
        scenario["Status:AllowedHosts:0"] = "export.example.com";
        await scenario.StartAsync(ExportMode.Realtime);

        foreach (string path in (string[])["", "status.json", "healthz", "status.js"])
        {
            using HttpRequestMessage request = new(HttpMethod.Get, new Uri(scenario.Url, path)) { Headers = { Host = host } };
            using HttpResponseMessage answer = await scenario.Http.SendAsync(request, Token);

            Assert.Equal(expected, (int)answer.StatusCode);
            Assert.Equal(expected == 403, (await answer.Content.ReadAsStringAsync(Token)).Contains("Status:AllowedHosts", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task Ports_OfPageAndWebhook_AnswerOnlyTheirOwn()
    {
        await using ExportScenario scenario = await ExportScenario.CreateAsync();
        await scenario.StartAsync(ExportMode.Realtime);
        int[] statuses = new int[4];
        Uri[] urls = [new(scenario.WebhookUrl, "status.json"), scenario.WebhookUrl, new(scenario.Url, "events?challenge=abc"), new(scenario.WebhookUrl, "events?challenge=abc")];
        string[] bodies = new string[4];
        foreach ((int i, Uri url) in urls.Index())
        {
            using HttpRequestMessage request = new(HttpMethod.Get, url) { Headers = { Host = $"localhost:{scenario.Url.Port}" } };
            using HttpResponseMessage answer = await scenario.Http.SendAsync(request, Token);
            statuses[i] = (int)answer.StatusCode;
            bodies[i] = await answer.Content.ReadAsStringAsync(Token);
        }

        Assert.Equal([404, 404], statuses[..2]);
        Assert.NotEqual("abc", bodies[2]);
        Assert.Equal("abc", bodies[3]);
    }

    [Fact]
    public async Task Page_OfTheJournalAlone_HasTheOnlyPort()
    {
        await using ExportScenario scenario = await ExportScenario.CreateAsync();
        EventRegistration registration = await scenario.RegisterAsync();
        scenario["Journal:Url"] = registration.JournalUrl.AbsoluteUri;
        await scenario.StartAsync(ExportMode.Batch);

        Assert.Single(scenario.App.Urls);
    }

    [Fact]
    public async Task Answers_OfThePage_LetNoOtherScriptRun()
    {
        await using ExportScenario scenario = await ExportScenario.CreateAsync();
        await scenario.StartAsync(ExportMode.Realtime);

        using HttpResponseMessage answer = await scenario.Http.GetAsync(scenario.Url, Token);

        string policy = answer.Headers.GetValues("Content-Security-Policy").Single();
        Assert.Contains("default-src 'none'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        string page = await answer.Content.ReadAsStringAsync(Token);
        Assert.DoesNotContain(" style=", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<style", page, StringComparison.Ordinal);
        Assert.DoesNotMatch("<script(?! src=)", page);
    }

    [Theory]
    [InlineData(null, null, "127.0.0.1")]
    [InlineData("127.0.0.1", "anna@example.com", "anna@example.com")]
    [InlineData("127.0.0.0/8", "anna@example.com", "anna@example.com")]
    [InlineData("10.0.0.0/8", "anna@example.com", "127.0.0.1")]
    [InlineData("127.0.0.1", null, "127.0.0.1")]
    public async Task Operator_NamedByAHeader_CountsFromATrustedProxy(string? proxy, string? name, string expected)
    {
        await using ExportScenario scenario = await ExportScenario.CreateAsync();
        if (proxy is not null)
        {
            scenario["Status:TrustedProxies:0"] = proxy;
        }

        await scenario.StartAsync(ExportMode.Realtime);
        await scenario.AddAsync("a.txt", immediately: "no");
        await scenario.TellAsync("/content/dam/a.txt");
        ExportEntry entry = await scenario.WaitForAsync("a.txt", ExportState.Scheduled);
        using HttpRequestMessage skip = new(HttpMethod.Post, new Uri(scenario.Url, $"exports/{entry.Id}/skip"));
        if (name is not null)
        {
            skip.Headers.Add("X-Forwarded-User", name);
        }

        using HttpResponseMessage answer = await scenario.Http.SendAsync(skip, Token);

        Assert.Equal(HttpStatusCode.SeeOther, answer.StatusCode);
        await scenario.WaitForAsync("a.txt", ExportState.Skipped);
        Assert.Contains(await scenario.Ledger.HistoryAsync("/content/dam/a.txt", Token), happened => happened.By == expected);
        Assert.Contains(expected, await scenario.Http.GetStringAsync(new Uri(scenario.Url, "asset?path=/content/dam/a.txt"), Token), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pause_OfADestination_HoldsItUntilItIsResumed()
    {
        await using ExportScenario scenario = await ExportScenario.CreateAsync();
        await scenario.StartAsync(ExportMode.Realtime);
        Uri pause = new(scenario.Url, "destinations/folder/pause");

        using HttpResponseMessage paused = await scenario.Http.PostAsync(pause, null, Token);
        using HttpResponseMessage twice = await scenario.Http.PostAsync(pause, null, Token);
        using HttpResponseMessage unknown = await scenario.Http.PostAsync(new Uri(scenario.Url, "destinations/nothing/pause"), null, Token);
        await scenario.AddAsync("a.txt");
        await scenario.TellAsync("/content/dam/a.txt");
        await scenario.WaitForAsync("a.txt", ExportState.Waiting);
        string page = await scenario.Http.GetStringAsync(scenario.Url, Token);
        using HttpResponseMessage resumed = await scenario.Http.PostAsync(new Uri(scenario.Url, "destinations/folder/resume"), null, Token);

        Assert.Equal([303, 409, 409, 303], ((HttpResponseMessage[])[paused, twice, unknown, resumed]).Select(static answer => (int)answer.StatusCode));
        Assert.Contains("by 127.0.0.1", page, StringComparison.Ordinal);
        await scenario.WaitForAsync("a.txt", ExportState.Exported);
    }

    [Fact]
    public async Task Button_PressedByAnotherSite_DoesNothing()
    {
        await using ExportScenario scenario = await ExportScenario.CreateAsync();
        await scenario.StartAsync(ExportMode.Realtime);
        await scenario.AddAsync("a.txt", immediately: "no");
        await scenario.TellAsync("/content/dam/a.txt");
        ExportEntry entry = await scenario.WaitForAsync("a.txt", ExportState.Scheduled);
        using HttpRequestMessage foreign = new(HttpMethod.Post, new Uri(scenario.Url, $"exports/{entry.Id}/retry")) { Headers = { { "Origin", "https://evil.example" } } };
        using HttpRequestMessage own = new(HttpMethod.Post, new Uri(scenario.Url, $"exports/{entry.Id}/retry")) { Headers = { { "Origin", scenario.Url.GetLeftPart(UriPartial.Authority) } } };

        using HttpResponseMessage refused = await scenario.Http.SendAsync(foreign, Token);
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        Assert.Equal(1, await scenario.CountAsync(ExportState.Scheduled));

        using HttpResponseMessage taken = await scenario.Http.SendAsync(own, Token);
        Assert.Equal(HttpStatusCode.SeeOther, taken.StatusCode);
        await scenario.WaitForAsync("a.txt", ExportState.Exported);
    }

    [Theory]
    [InlineData("https://{0}", 303)]
    [InlineData("http://{0}", 303)]
    [InlineData("https://{0}.evil.example", 403)]
    [InlineData("https://evil.example", 403)]
    [InlineData("https://127.0.0.1", 403)]
    [InlineData("{0}", 403)]
    [InlineData("null", 403)]
    public async Task Button_BehindAProxyThatEndsTls_IsThatOfItsOwnHost(string origin, int expected)
    {
        await using ExportScenario scenario = await ExportScenario.CreateAsync();
        await scenario.StartAsync(ExportMode.Realtime);
        await scenario.AddAsync("a.txt", immediately: "no");
        await scenario.TellAsync("/content/dam/a.txt");
        ExportEntry entry = await scenario.WaitForAsync("a.txt", ExportState.Scheduled);
        using HttpRequestMessage request = new(HttpMethod.Post, new Uri(scenario.Url, $"exports/{entry.Id}/retry"));
        request.Headers.Add("Origin", string.Format(CultureInfo.InvariantCulture, origin, scenario.Url.Authority));

        using HttpResponseMessage answer = await scenario.Http.SendAsync(request, Token);

        Assert.Equal(expected, (int)answer.StatusCode);
    }

    [Theory]
    [InlineData("", 2)]
    [InlineData("?destination=scripted", 1)]
    public async Task RetryOfAll_GivesWhatHasFailedItsAttemptsAnew(string query, int retried)
    {
        ScriptedDestination target = new(new DestinationRefusedException("No."));
        await using ExportScenario scenario = await ExportScenario.CreateAsync(target);
        await File.WriteAllTextAsync(scenario.Exported, "A file where the folder should be.", Token);
        scenario["Export:MaxAttempts"] = "1";
        await scenario.StartAsync(ExportMode.Realtime);
        await scenario.AddAsync("a.txt", "scripted,folder,elsewhere");
        await scenario.TellAsync("/content/dam/a.txt");
        await scenario.WaitForCountAsync(ExportState.Failed, 3);
        string page = await scenario.Http.GetStringAsync(scenario.Url, Token);
        Uri url = new(scenario.Url, $"exports/retry{query}");
        using HttpRequestMessage foreign = new(HttpMethod.Post, url) { Headers = { { "Origin", "https://evil.example" } } };

        using HttpResponseMessage refused = await scenario.Http.SendAsync(foreign, Token);
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        Assert.Equal(3, await scenario.CountAsync(ExportState.Failed));

        File.Delete(scenario.Exported);
        using HttpResponseMessage taken = await scenario.Http.PostAsync(url, null, Token);
        using HttpResponseMessage nothing = await scenario.Http.PostAsync(new Uri(scenario.Url, "exports/retry?destination=elsewhere"), null, Token);

        Assert.Equal(HttpStatusCode.SeeOther, taken.StatusCode);
        Assert.Equal(HttpStatusCode.Conflict, nothing.StatusCode);
        await scenario.WaitForCountAsync(ExportState.Exported, retried);
        Assert.Equal(3 - retried, await scenario.CountAsync(ExportState.Failed));
        Assert.Contains("action=\"/exports/retry\"", page, StringComparison.Ordinal);
        Assert.Contains("action=\"/exports/retry?destination=scripted\"", page, StringComparison.Ordinal);
        Assert.DoesNotContain("action=\"/exports/retry?destination=elsewhere\"", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Retry_OfAnUnknownDestinationOrExport_IsAConflict()
    {
        await using ExportScenario scenario = await ExportScenario.CreateAsync();
        await scenario.StartAsync(ExportMode.Realtime);
        await scenario.AddAsync("a.txt", "elsewhere");
        await scenario.TellAsync("/content/dam/a.txt");
        ExportEntry entry = await scenario.WaitForAsync("a.txt", ExportState.Failed, "elsewhere");

        using HttpResponseMessage unknownDestination = await scenario.Http.PostAsync(new Uri(scenario.Url, $"exports/{entry.Id}/retry"), null, Token);
        using HttpResponseMessage unknownExport = await scenario.Http.PostAsync(new Uri(scenario.Url, "exports/nothing/retry"), null, Token);

        Assert.Equal(HttpStatusCode.Conflict, unknownDestination.StatusCode);
        Assert.Equal(HttpStatusCode.Conflict, unknownExport.StatusCode);
        await scenario.WaitForAsync("a.txt", ExportState.Failed, "elsewhere");
    }
}
