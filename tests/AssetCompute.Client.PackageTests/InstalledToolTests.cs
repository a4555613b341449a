using System.Diagnostics;
using System.Net;
using AssetCompute.Client.IntegrationTests.Samples;
using AssetCompute.Client.Processes;
using AssetCompute.Emulator;

namespace AssetCompute.Client.PackageTests;

/// <summary>Tests the tools as a new user gets them: packed and installed. The export's tool is set up by <c>init</c>, and checked.</summary>
public sealed class InstalledToolTests(PackageFeed feed)
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

    [Fact]
    public async Task EmulatorTool_Installed_AnswersAtTheAddressThatItPrints()
    {
        string tool = await feed.InstallToolAsync("AssetCompute.Emulator.Tool", "asset-compute-emulator");
        Task<(HttpStatusCode Page, RenderResult Rendered)>? used = null;

        string output = await ProgramRun.CheckAsync(tool, [], Path.GetTempPath(), onLine: (line, process) =>
        {
            if (line.StartsWith("ASSET_COMPUTE_URL=", StringComparison.Ordinal))
            {
                used = UseAsync(new Uri(line["ASSET_COMPUTE_URL=".Length..]), process);
            }
        });

        (HttpStatusCode page, RenderResult rendered) = await used!;
        Assert.Equal(HttpStatusCode.OK, page);
        Assert.IsType<RenditionCreated>(Assert.Single(rendered.Files).Event);
        Assert.Contains("AssetCompute__ClientId=emulator-client", output, StringComparison.Ordinal);
    }

    /// <summary>Opens the page, renders a picture, and stops the program.</summary>
    private static async Task<(HttpStatusCode Page, RenderResult Rendered)> UseAsync(Uri emulator, Process process)
    {
        using TemporaryFolder folder = new();
        try
        {
            using HttpClient http = new();
            using HttpResponseMessage page = await http.GetAsync(emulator, TestContext.Current.CancellationToken);
            await using AssetComputeClient assetCompute = AssetComputeClient.Create(options => options.UseEmulator(emulator));
            using EmulatorAssetStorage storage = new(emulator);
            FileRendition small = new(folder.File("small.png"), new Rendition { Width = 100 });
            return (page.StatusCode, await new AssetRenderer(assetCompute.Jobs, storage).RenderAsync(Repository.Photograph, [small], cancellationToken: TestContext.Current.CancellationToken));
        }
        finally
        {
            ProgramRun.Interrupt(process);
        }
    }
}
