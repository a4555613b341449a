using System.Globalization;
using AssetCompute.Emulator;
using AssetExport;
using AssetExport.Demo;

namespace AssetCompute.Client.IntegrationTests.Export;

/// <summary>Tests for exports to an OpenSSH server.</summary>
public sealed class SftpDestinationTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Asset_IsOnTheServerInItsFolder_AlsoInItsNextVersion()
    {
        await using SftpServer server = await SftpServer.StartAsync();
        await using ExportScenario scenario = await CreateAsync(server);
        await scenario.StartAsync(ExportMode.Realtime);
        foreach (string content in (string[])["first", "second, and longer", ""])
        {
            await scenario.AddAsync("campaign/Größe 1.txt", "sftp", content: System.Text.Encoding.UTF8.GetBytes(content));
            await scenario.TellAsync("/content/dam/campaign/Größe 1.txt");
            await ExportScenario.WaitAsync(async () => File.Exists(FileOf(server, "campaign/Größe 1.txt")) && await File.ReadAllTextAsync(FileOf(server, "campaign/Größe 1.txt"), Token) == content, $"'{content}' is not there");
        }

        await scenario.WaitForCountAsync(ExportState.Exported, 3);
        ExportEntry entry = await scenario.WaitForAsync("campaign/Größe 1.txt", ExportState.Exported, "sftp");
        Assert.Equal($"sftp://127.0.0.1:{server.Port}{server.Files}/content/dam/campaign/Größe 1.txt", entry.Location);
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(server.Files, ".incoming")));
    }

    [Fact]
    public async Task Probe_OfAServer_LeavesNothing()
    {
        await using SftpServer server = await SftpServer.StartAsync();
        await using ExportScenario scenario = await CreateAsync(server);
        await scenario.StartAsync(ExportMode.Realtime);

        string found = await scenario.Destination("sftp").Target.ProbeAsync(Token);

        Assert.Contains(server.Files, found, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFiles(server.Files, "*", SearchOption.AllDirectories));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task HostKey_ThatChanges_IsRefusedAndNothingIsSent(bool isPinned)
    {
        await using SftpServer server = await SftpServer.StartAsync();
        await using ExportScenario scenario = await CreateAsync(server);
        string first = server.Fingerprint();
        if (isPinned)
        {
            scenario["Destinations:sftp:HostKey"] = first;
        }

        await scenario.StartAsync(ExportMode.Realtime);
        await scenario.AddAsync("a.txt", "sftp");
        await scenario.TellAsync("/content/dam/a.txt");
        await scenario.WaitForAsync("a.txt", ExportState.Exported, "sftp");

        await server.KillAsync();
        await server.ChangeHostKeyAsync();
        await server.StartAgainAsync();
        await scenario.AddAsync("b.txt", "sftp");
        await scenario.TellAsync("/content/dam/b.txt");
        ExportEntry? waiting = null;
        await ExportScenario.WaitAsync(async () => (waiting = (await scenario.Ledger.RecentAsync(ExportState.Waiting, 1, Token)).SingleOrDefault(static entry => entry.Reason is not null)) is not null, "it is not put off");

        Assert.Contains(first, waiting!.Reason, StringComparison.Ordinal);
        Assert.Contains(server.Fingerprint(), waiting.Reason, StringComparison.Ordinal);
        Assert.Contains("Nothing was sent", waiting.Reason, StringComparison.Ordinal);
        Assert.Equal(0, waiting.Attempts);
        Assert.False(File.Exists(FileOf(server, "b.txt")));
        Assert.DoesNotContain("Accepted publickey", server.Log[server.Log.LastIndexOf("Server listening", StringComparison.Ordinal)..], StringComparison.Ordinal);
    }

    [Fact]
    public async Task LeftoverOfAnotherContent_IsNotContinued()
    {
        await using SftpServer server = await SftpServer.StartAsync();
        await using ExportScenario scenario = await CreateAsync(server);
        AemAsset asset = await scenario.AddAsync("a.txt", "sftp");
        string id = ExportLedger.IdOf("/content/dam/a.txt", asset.Sha1, "sftp");
        string left = Path.Combine(Directory.CreateDirectory(Path.Combine(server.Files, ".incoming")).FullName, $"{id}.1.part");
        await File.WriteAllBytesAsync(left, new byte[700], Token);
        await UserProgram.OwnAsync(server.Files);
        await scenario.StartAsync(ExportMode.Realtime);

        await scenario.TellAsync("/content/dam/a.txt");
        await scenario.WaitForAsync("a.txt", ExportState.Exported, "sftp");

        Assert.Equal(ExportScenario.ContentOf("a.txt"), await File.ReadAllBytesAsync(FileOf(server, "a.txt"), Token));
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(server.Files, ".incoming")));
    }

    internal static string FileOf(SftpServer server, string name) => Path.Combine(server.Files, "content/dam", name);

    internal static async Task<ExportScenario> CreateAsync(SftpServer server)
    {
        ExportScenario scenario = await ExportScenario.CreateAsync();
        scenario["Destinations:sftp:Type"] = "Sftp";
        scenario["Destinations:sftp:Host"] = SftpServer.Host;
        scenario["Destinations:sftp:Port"] = server.Port.ToString(CultureInfo.InvariantCulture);
        scenario["Destinations:sftp:User"] = SftpServer.User;
        scenario["Destinations:sftp:PrivateKeyFile"] = server.PrivateKeyFile;
        scenario["Destinations:sftp:KnownHostsFile"] = Path.Combine(scenario.Exported + "-hosts");
        scenario["Destinations:sftp:Path"] = server.Files;
        return scenario;
    }
}
