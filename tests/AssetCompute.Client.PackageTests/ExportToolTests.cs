using AssetCompute.Client.IntegrationTests.Samples;
using AssetCompute.Client.Processes;
using AssetCompute.Emulator;

namespace AssetCompute.Client.PackageTests;

/// <summary>Tests the export's tool as a new user gets it: packed, installed, set up by <c>init</c>, and checked.</summary>
public sealed class ExportToolTests(PackageFeed feed)
{
    [Fact]
    public async Task ExportTool_Installed_SetsItselfUpAndPassesItsChecks()
    {
        using TemporaryFolder folder = new();
        await feed.DotnetAsync(Path.Combine(Repository.Root, "samples", "AssetExport"), "pack", "-c", Repository.Configuration, "--no-build", "-o", folder.File("packages"));
        await feed.DotnetAsync(folder.Path, "tool", "install", "AssetExport", "--add-source", folder.File("packages"), "--tool-path", folder.File("tools"));
        string tool = folder.File(Path.Combine("tools", "asset-export"));
        await using AssetComputeEmulator emulator = await EmulatorWithoutRendering.StartAsync();
        EventRegistration registration = await emulator.Aem.Registrations.AddAsync(new EventRegistrationSettings(), TestContext.Current.CancellationToken);

        string set = await ProgramRun.CheckAsync(
            tool,
            [
                "init", "--no-input", "--organization", "emulator@AdobeOrg", "--client-id", "emulator-client", "--client-secret", "emulator-secret",
                "--set", $"AssetCompute:Endpoint={emulator.Endpoint}", "--set", $"AssetCompute:ImsEndpoint={emulator.ImsEndpoint}",
                "--journal", registration.JournalUrl.AbsoluteUri, "--aem", emulator.Aem.Endpoint.AbsoluteUri, "--type", "Folder", "--set", "Path=exported",
            ],
            folder.Path);
        string check = await ProgramRun.CheckAsync(tool, ["check"], folder.Path);

        Assert.Contains("Next, run 'asset-export run'", set, StringComparison.Ordinal);
        Assert.All((string[])["database", "account", "journal", "AEM", "destination 'archive'"], name => Assert.Matches($"{name} +│ ok", check));
        Assert.Empty(Directory.GetFiles(folder.File("exported"), "*", SearchOption.AllDirectories));
    }
}
