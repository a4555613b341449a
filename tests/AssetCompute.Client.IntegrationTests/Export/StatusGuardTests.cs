using System.Globalization;
using System.Net;
using AssetCompute.Emulator;
using AssetExport;

namespace AssetCompute.Client.IntegrationTests.Export;

/// <summary>Tests for the requests that the status page accepts, including those of its buttons.</summary>
public sealed class StatusGuardTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

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
}
