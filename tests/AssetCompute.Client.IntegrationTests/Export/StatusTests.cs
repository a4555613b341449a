using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using AssetExport;

namespace AssetCompute.Client.IntegrationTests.Export;

/// <summary>Tests for the status page and its buttons.</summary>
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

        // The page can change while the application starts. A request with an outdated ETag returns the next version.
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
