using System.Globalization;
using System.Text;
using AssetCompute.Emulator;
using AssetExport;
using AssetExport.Demo;

namespace AssetCompute.Client.IntegrationTests.Export;

/// <summary>Tests for uploads to Marketo: the token, the form, and errors that Marketo returns with status 200.</summary>
public sealed class MarketoTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Asset_IsOneFileInTheFolder_AlsoInItsNextVersion()
    {
        await using MarketoServer marketo = await MarketoServer.StartAsync(TimeSpan.Zero);
        await using ExportScenario scenario = await CreateAsync(marketo);
        foreach (string content in (string[])["first", "second, and longer"])
        {
            AemAsset asset = await scenario.AddAsync("campaign/a.txt", "marketo", content: Encoding.UTF8.GetBytes(content));
            await scenario.TellAsync("/content/dam/campaign/a.txt");
            await ExportScenario.WaitAsync(() => Task.FromResult(marketo.Files.Any(file => file.Sha1 == asset.Sha1)), $"'{content}' is not there");
        }

        await scenario.WaitForCountAsync(ExportState.Exported, 2);
        MarketoServerFile file = Assert.Single(marketo.Files);
        Assert.Matches("^a-[0-9a-f]{8}\\.txt$", file.Name);
        Assert.Equal(2, file.Writes);
        Assert.Equal(1, marketo.Tokens);
        Assert.Equal(["GET /rest/asset/v1/file/byName.json", "POST /rest/asset/v1/files.json", "GET /rest/asset/v1/file/byName.json", "POST /rest/asset/v1/file/1/content.json"], marketo.Calls);
    }

    [Fact]
    public async Task AssetsOfOneName_AreTwoFiles()
    {
        await using MarketoServer marketo = await MarketoServer.StartAsync(TimeSpan.Zero);
        await using ExportScenario scenario = await CreateAsync(marketo);
        await scenario.AddAsync("one/a.txt", "marketo");
        await scenario.AddAsync("two/a.txt", "marketo");

        await scenario.TellAsync("/content/dam/one/a.txt");
        await scenario.TellAsync("/content/dam/two/a.txt");
        await scenario.WaitForCountAsync(ExportState.Exported, 2);

        Assert.Equal(2, marketo.Files.Select(file => file.Name).Distinct().Count());
    }

    [Theory]
    [InlineData("601")]
    [InlineData("602")]
    public async Task TokenThatHasEnded_IsFetchedAnewWithinTheAttempt(string code)
    {
        await using MarketoServer marketo = await MarketoServer.StartAsync(TimeSpan.Zero);
        marketo.Refuse(code);
        await using ExportScenario scenario = await TellOfOneAssetAsync(marketo);

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
        await using MarketoServer marketo = await MarketoServer.StartAsync(TimeSpan.Zero);
        marketo.Refuse(code);
        await using ExportScenario scenario = await TellOfOneAssetAsync(marketo);

        ExportEntry? entry = null;
        await ExportScenario.WaitAsync(async () => (entry = (await scenario.Ledger.RecentAsync(ExportState.Waiting, 1, Token)).SingleOrDefault(waiting => waiting.Reason is not null)) is not null, "it is not put off");

        Assert.Equal(0, entry!.Attempts);
        Assert.Equal(seconds, (entry.DueAt - entry.UpdatedAt).TotalSeconds);
    }

    [Theory]
    [InlineData("610")]
    [InlineData("702")]
    public async Task LookUp_RefusedAsNotFound_CreatesTheFile(string code)
    {
        await using MarketoServer marketo = await MarketoServer.StartAsync(TimeSpan.Zero);
        marketo.Refuse(code);
        await using ExportScenario scenario = await TellOfOneAssetAsync(marketo);

        ExportEntry entry = await scenario.WaitForAsync("a.txt", ExportState.Exported, "marketo");

        Assert.Equal(1, entry.Attempts);
        Assert.Single(marketo.Files);
    }

    [Fact]
    public async Task WrongSecret_FailsAndIsNotShown()
    {
        await using MarketoServer marketo = await MarketoServer.StartAsync(TimeSpan.Zero);
        await using ExportScenario scenario = await TellOfOneAssetAsync(marketo, secret: "wr0ng-s3cret");

        ExportEntry entry = await scenario.WaitForAsync("a.txt", ExportState.Failed, "marketo");
        string page = await scenario.Http.GetStringAsync(scenario.Url, Token);

        Assert.Contains("401", entry.Reason, StringComparison.Ordinal);
        Assert.DoesNotContain("wr0ng", entry.Reason, StringComparison.Ordinal);
        Assert.DoesNotContain("wr0ng", page, StringComparison.Ordinal);
    }

    private static async Task<ExportScenario> TellOfOneAssetAsync(MarketoServer marketo, string secret = MarketoServer.ClientSecret)
    {
        ExportScenario scenario = await CreateAsync(marketo, secret);
        await scenario.AddAsync("a.txt", "marketo");
        await scenario.TellAsync("/content/dam/a.txt");
        return scenario;
    }

    private static async Task<ExportScenario> CreateAsync(MarketoServer marketo, string secret = MarketoServer.ClientSecret)
    {
        ExportScenario scenario = await PrepareAsync(marketo, secret);
        await scenario.StartAsync(ExportMode.Realtime);
        return scenario;
    }

    /// <summary>Creates a scenario without starting it.</summary>
    internal static async Task<ExportScenario> PrepareAsync(MarketoServer marketo, string secret = MarketoServer.ClientSecret)
    {
        ExportScenario scenario = await ExportScenario.CreateAsync();
        scenario["Destinations:marketo:Type"] = "Marketo";
        scenario["Destinations:marketo:RestHost"] = marketo.Endpoint.AbsoluteUri;
        scenario["Destinations:marketo:ClientId"] = MarketoServer.ClientId;
        scenario["Destinations:marketo:ClientSecret"] = secret;
        scenario["Destinations:marketo:FolderId"] = MarketoServer.FolderId.ToString(CultureInfo.InvariantCulture);
        return scenario;
    }
}
