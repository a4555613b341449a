using System.Globalization;
using AssetExport;
using AssetExport.Demo;

namespace AssetCompute.Client.IntegrationTests.Export;

/// <summary>Tests for password authentication on an OpenSSH server.</summary>
public sealed class SftpPasswordTests
{
    private const string Password = "sftp s3cret&";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Password_OfTheUser_SignsIn()
    {
        await using SftpServer server = await StartAsync();
        await using ExportScenario scenario = await CreateAsync(server, Password);
        await scenario.StartAsync(ExportMode.Realtime);
        await scenario.AddAsync("a.txt", "sftp");

        await scenario.TellAsync("/content/dam/a.txt");
        await scenario.WaitForAsync("a.txt", ExportState.Exported, "sftp");

        Assert.Equal(ExportScenario.ContentOf("a.txt"), await File.ReadAllBytesAsync(SftpDestinationTests.FileOf(server, "a.txt"), Token));
        Assert.Contains("Accepted password for", server.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WrongPassword_IsWaitedForAndNotShown()
    {
        await using SftpServer server = await StartAsync();
        await using ExportScenario scenario = await CreateAsync(server, "wr0ng-s3cret");
        await scenario.StartAsync(ExportMode.Realtime);
        await scenario.AddAsync("a.txt", "sftp");

        await scenario.TellAsync("/content/dam/a.txt");
        ExportEntry? waiting = null;
        await ExportScenario.WaitAsync(async () => (waiting = (await scenario.Ledger.RecentAsync(ExportState.Waiting, 1, Token)).SingleOrDefault(static entry => entry.Reason is not null)) is not null, "it is not put off");

        Assert.Contains($"does not accept the user '{SftpServer.User}'", waiting!.Reason, StringComparison.Ordinal);
        Assert.DoesNotContain("wr0ng", waiting.Reason, StringComparison.Ordinal);
        Assert.Equal(0, waiting.Attempts);
    }

    private static async Task<SftpServer> StartAsync()
    {
        Assert.SkipUnless(await SftpServer.CanHavePasswordAsync(), "Only who may mount can give a user another password for one program.");
        return await SftpServer.StartAsync(Password);
    }

    private static async Task<ExportScenario> CreateAsync(SftpServer server, string password)
    {
        ExportScenario scenario = await ExportScenario.CreateAsync();
        scenario["Destinations:sftp:Type"] = "Sftp";
        scenario["Destinations:sftp:Host"] = SftpServer.Host;
        scenario["Destinations:sftp:Port"] = server.Port.ToString(CultureInfo.InvariantCulture);
        scenario["Destinations:sftp:User"] = SftpServer.User;
        scenario["Destinations:sftp:Password"] = password;
        scenario["Destinations:sftp:HostKey"] = server.Fingerprint();
        scenario["Destinations:sftp:Path"] = server.Files;
        return scenario;
    }
}
