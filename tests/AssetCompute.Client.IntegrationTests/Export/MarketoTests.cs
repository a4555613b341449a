using System.Text;
using AssetExport;

namespace AssetCompute.Client.IntegrationTests.Export;

/// <summary>Files in Marketo: a token, a form, and errors that come with the status 200.</summary>
public sealed class MarketoTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Asset_IsOneFileInTheFolder_AlsoInItsNextVersion()
    {
        await using MarketoStandIn marketo = await MarketoStandIn.StartAsync();
        await using ExportScenario scenario = await CreateAsync(marketo);
        foreach (string content in (string[])["first", "second, and longer"])
        {
            await scenario.AddAsync("campaign/a.txt", "marketo", content: Encoding.UTF8.GetBytes(content));
            await scenario.TellAsync("/content/dam/campaign/a.txt");
            await ExportScenario.WaitAsync(() => Task.FromResult(marketo.Files.Values.Any(file => Encoding.UTF8.GetString(file.Content) == content)), $"'{content}' is not there");
        }

        await scenario.WaitForCountAsync(ExportState.Exported, 2);
        (string name, string? folder, _) = Assert.Single(marketo.Files).Value;
        Assert.Matches("^a-[0-9a-f]{8}\\.txt$", name);
        Assert.Equal("""{"id":42,"type":"Folder"}""", folder);
        Assert.Equal(1, marketo.Tokens);
        Assert.Equal(["GET /rest/asset/v1/file/byName.json", "POST /rest/asset/v1/files.json", "GET /rest/asset/v1/file/byName.json", "POST /rest/asset/v1/file/1/content.json"], marketo.Calls);
    }

    [Fact]
    public async Task AssetsOfOneName_AreTwoFiles()
    {
        await using MarketoStandIn marketo = await MarketoStandIn.StartAsync();
        await using ExportScenario scenario = await CreateAsync(marketo);
        await scenario.AddAsync("one/a.txt", "marketo");
        await scenario.AddAsync("two/a.txt", "marketo");

        await scenario.TellAsync("/content/dam/one/a.txt");
        await scenario.TellAsync("/content/dam/two/a.txt");
        await scenario.WaitForCountAsync(ExportState.Exported, 2);

        Assert.Equal(2, marketo.Files.Values.Select(file => file.Name).Distinct().Count());
    }

    [Theory]
    [InlineData("601")]
    [InlineData("602")]
    public async Task TokenThatHasEnded_IsFetchedAnewWithinTheAttempt(string code)
    {
        await using MarketoStandIn marketo = await MarketoStandIn.StartAsync();
        marketo.Refusals.Enqueue(code);
        await using ExportScenario scenario = await CreateAsync(marketo);
        await scenario.AddAsync("a.txt", "marketo");

        await scenario.TellAsync("/content/dam/a.txt");
        ExportEntry entry = await scenario.WaitForAsync("a.txt", ExportState.Exported, "marketo");

        Assert.Equal(1, entry.Attempts);
        Assert.Equal(2, marketo.Tokens);
    }

    [Theory]
    [InlineData("606", 20)]
    [InlineData("607", 3600)]
    [InlineData("615", 5)]
    public async Task LimitOfCalls_IsWaitedForAndNotCounted(string code, int seconds)
    {
        await using MarketoStandIn marketo = await MarketoStandIn.StartAsync();
        marketo.Refusals.Enqueue(code);
        await using ExportScenario scenario = await CreateAsync(marketo);
        await scenario.AddAsync("a.txt", "marketo");

        await scenario.TellAsync("/content/dam/a.txt");
        ExportEntry? entry = null;
        await ExportScenario.WaitAsync(async () => (entry = (await scenario.Ledger.RecentAsync(ExportState.Waiting, 1, Token)).SingleOrDefault(waiting => waiting.Reason is not null)) is not null, "it is not put off");

        Assert.Equal(0, entry!.Attempts);
        Assert.Equal(seconds, (entry.DueAt - entry.UpdatedAt).TotalSeconds);
    }

    [Fact]
    public async Task WrongSecret_FailsAndIsNotShown()
    {
        await using MarketoStandIn marketo = await MarketoStandIn.StartAsync();
        await using ExportScenario scenario = await CreateAsync(marketo, secret: "wr0ng-s3cret");
        await scenario.AddAsync("a.txt", "marketo");

        await scenario.TellAsync("/content/dam/a.txt");
        ExportEntry entry = await scenario.WaitForAsync("a.txt", ExportState.Failed, "marketo");
        string page = await scenario.Http.GetStringAsync(scenario.Url, Token);

        Assert.Contains("401", entry.Reason, StringComparison.Ordinal);
        Assert.DoesNotContain("wr0ng", entry.Reason, StringComparison.Ordinal);
        Assert.DoesNotContain("wr0ng", page, StringComparison.Ordinal);
    }

    private static async Task<ExportScenario> CreateAsync(MarketoStandIn marketo, string secret = "s&cret")
    {
        ExportScenario scenario = await ExportScenario.CreateAsync();
        scenario["Destinations:marketo:Type"] = "Marketo";
        scenario["Destinations:marketo:RestHost"] = marketo.Url.AbsoluteUri;
        scenario["Destinations:marketo:ClientId"] = "id";
        scenario["Destinations:marketo:ClientSecret"] = secret;
        scenario["Destinations:marketo:FolderId"] = "42";
        await scenario.StartAsync(ExportMode.Realtime);
        return scenario;
    }
}
