using AssetCompute.Emulator;
using AssetExport;
using AssetExport.Demo;

namespace AssetCompute.Client.IntegrationTests.Export;

/// <summary>Tests for exports to an Apache server with mod_dav.</summary>
public sealed class WebDavDestinationTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Asset_IsOnTheServerInItsCollection_AlsoInItsNextVersion()
    {
        await using WebDavServer server = await WebDavServer.StartAsync();
        await using ExportScenario scenario = await CreateAsync(server);
        await scenario.StartAsync(ExportMode.Realtime);
        foreach (string content in (string[])["first", "second, and longer", ""])
        {
            await scenario.AddAsync("campaign/Größe #1 100%.txt", "dav", content: System.Text.Encoding.UTF8.GetBytes(content));
            await scenario.TellAsync("/content/dam/campaign/Größe #1 100%.txt");
            await ExportScenario.WaitAsync(async () => File.Exists(FileOf(server, "campaign/Größe #1 100%.txt")) && await File.ReadAllTextAsync(FileOf(server, "campaign/Größe #1 100%.txt"), Token) == content, $"'{content}' is not there");
        }

        await scenario.WaitForCountAsync(ExportState.Exported, 3);
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(server.Files, ".incoming")));
        Assert.NotNull(await scenario.Destination("dav").Target.FindAsync("content/dam/campaign/Größe #1 100%.txt", Token));
        Assert.Null(await scenario.Destination("dav").Target.FindAsync("content/dam/nothing.txt", Token));
    }

    [Fact]
    public async Task Probe_OfAServer_LeavesNothing()
    {
        await using WebDavServer server = await WebDavServer.StartAsync();
        await using ExportScenario scenario = await CreateAsync(server);
        await scenario.StartAsync(ExportMode.Realtime);

        string found = await scenario.Destination("dav").Target.ProbeAsync(Token);

        Assert.Contains(server.Url.AbsoluteUri, found, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFiles(server.Files, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task FolderWhereAFileShouldBe_AndTheOtherWayRound_FailAloneAndDeleteNothing()
    {
        await using WebDavServer server = await WebDavServer.StartAsync();
        await using ExportScenario scenario = await CreateAsync(server);
        string inside = Path.Combine(Directory.CreateDirectory(FileOf(server, "folder.txt")).FullName, "inside.txt");
        await File.WriteAllTextAsync(inside, "x", Token);
        await File.WriteAllTextAsync(FileOf(server, "file"), "x", Token);
        await UserProgram.OwnAsync(server.Files);
        await scenario.StartAsync(ExportMode.Realtime);
        foreach (string name in (string[])["folder.txt", "file/b.txt", "c.txt"])
        {
            await scenario.AddAsync(name, "dav");
            await scenario.TellAsync($"/content/dam/{name}");
        }

        await scenario.WaitForAsync("c.txt", ExportState.Exported, "dav");
        Assert.Contains("is a folder", (await scenario.WaitForAsync("folder.txt", ExportState.Failed, "dav")).Reason, StringComparison.Ordinal);
        Assert.Contains("file", (await scenario.WaitForAsync("file/b.txt", ExportState.Failed, "dav")).Reason, StringComparison.Ordinal);
        Assert.True(File.Exists(inside));
        Assert.Equal("x", await File.ReadAllTextAsync(FileOf(server, "file"), Token));
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(server.Files, ".incoming")));
    }

    [Fact]
    public async Task LeftoversOfEarlierAttempts_AreRemoved()
    {
        await using WebDavServer server = await WebDavServer.StartAsync();
        await using ExportScenario scenario = await CreateAsync(server);
        AemAsset asset = await scenario.AddAsync("a.txt", "dav");
        string incoming = Directory.CreateDirectory(Path.Combine(server.Files, ".incoming")).FullName;
        await File.WriteAllTextAsync(Path.Combine(incoming, $"{ExportLedger.IdOf("/content/dam/a.txt", asset.Sha1, "dav")}.1"), "half", Token);
        await File.WriteAllTextAsync(Path.Combine(incoming, "old"), "old", Token);
        File.SetLastWriteTimeUtc(Path.Combine(incoming, "old"), DateTime.UtcNow.AddDays(-3));
        await File.WriteAllTextAsync(Path.Combine(incoming, "young"), "young", Token);
        await UserProgram.OwnAsync(server.Files);
        await scenario.StartAsync(ExportMode.Realtime);

        await scenario.TellAsync("/content/dam/a.txt");
        await scenario.WaitForAsync("a.txt", ExportState.Exported, "dav");

        Assert.Equal(["young"], Directory.EnumerateFiles(incoming).Select(Path.GetFileName));
    }

    [Fact]
    public async Task WrongPassword_IsWaitedForAndNotShown()
    {
        await using WebDavServer server = await WebDavServer.StartAsync();
        await using ExportScenario scenario = await CreateAsync(server);
        scenario["Destinations:dav:Password"] = "wr0ng-s3cret";
        await scenario.StartAsync(ExportMode.Realtime);
        await scenario.AddAsync("a.txt", "dav");
        await scenario.TellAsync("/content/dam/a.txt");

        ExportEntry? waiting = null;
        await ExportScenario.WaitAsync(async () => (waiting = (await scenario.Ledger.RecentAsync(ExportState.Waiting, 1, Token)).SingleOrDefault(static entry => entry.Reason is not null)) is not null, "it is not put off");
        Assert.Contains("401", waiting!.Reason, StringComparison.Ordinal);
        Assert.DoesNotContain("wr0ng", waiting.Reason, StringComparison.Ordinal);
    }

    internal static string FileOf(WebDavServer server, string name) => Path.Combine(server.Files, "content/dam", name);

    internal static async Task<ExportScenario> CreateAsync(WebDavServer server)
    {
        ExportScenario scenario = await ExportScenario.CreateAsync();
        scenario["Destinations:dav:Type"] = "WebDav";
        scenario["Destinations:dav:Url"] = server.Url.AbsoluteUri;
        scenario["Destinations:dav:UserName"] = WebDavServer.UserName;
        scenario["Destinations:dav:Password"] = WebDavServer.Password;
        return scenario;
    }
}
