using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
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
        string page = await scenario.Http.GetStringAsync(scenario.Url, Token);
        Assert.Equal([1, 1, 1], ((string[])["exported", "scheduled", "failed"]).Select(state => (int)status["totals"]![state]!));
        Assert.Equal("Realtime", (string)status["mode"]!);
        Assert.Null(status["journal"]);
        Assert.Contains("<th>since (UTC)</th>", page, StringComparison.Ordinal);
        Assert.Contains("There is no destination &#x27;elsewhere&#x27; in the settings.", page, StringComparison.Ordinal);
        Assert.Contains("&lt;b&gt;a&lt;/b&gt;.txt", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<b>a</b>", page, StringComparison.Ordinal);
        Assert.DoesNotContain("emulator-secret", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Page_UnderAnotherHostName_IsNotThere()
    {
        await using ExportScenario scenario = await ExportScenario.CreateAsync();
        await scenario.StartAsync(ExportMode.Realtime);
        using HttpRequestMessage page = new(HttpMethod.Get, scenario.Url) { Headers = { Host = "export.example.com" } };
        using HttpRequestMessage webhook = new(HttpMethod.Get, new Uri(scenario.Url, "events?challenge=abc")) { Headers = { Host = "export.example.com" } };

        using HttpResponseMessage pageAnswer = await scenario.Http.SendAsync(page, Token);
        using HttpResponseMessage webhookAnswer = await scenario.Http.SendAsync(webhook, Token);

        Assert.Equal(HttpStatusCode.NotFound, pageAnswer.StatusCode);
        Assert.Equal("abc", await webhookAnswer.Content.ReadAsStringAsync(Token));
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
