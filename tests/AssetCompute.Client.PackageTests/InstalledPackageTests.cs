using System.Diagnostics;
using System.Net;
using AssetCompute.Client.IntegrationTests.Authentication;
using AssetCompute.Client.IntegrationTests.Samples;
using AssetCompute.Client.Processes;
using AssetCompute.Client.StorageTests;
using AssetCompute.Emulator;

namespace AssetCompute.Client.PackageTests;

/// <summary>Tests for packages that are installed from a folder in a new project, which is built and run with the emulator.</summary>
public class InstalledPackageTests(PackageFeed feed, InstalledPrograms programs) : IClassFixture<InstalledPrograms>
{
    private const string Created = "RenditionCreated { RequestId = ";

    [Fact]
    public Task NetStandardLibrary_UnderAHostOfDotNet10_MakesARendition() => MakesARenditionAsync("NetStandard", "Host.dll");

    /// <summary>
    /// NuGet selects another build for a project that targets a current .NET version, so this project replaces it with the .NET Standard build.
    /// </summary>
    [Fact]
    public async Task NetStandardBuild_InANewProject_SignsInRegistersProcessesAndReadsTheJournal()
    {
        using CredentialFiles credentials = new();
        await using AssetComputeEmulator emulator = await EmulatorWithoutRendering.StartAsync(credentials.Client);

        string output = await programs.RunAsync(
            "NetStandardBuild", "NetStandardBuild.dll", emulator.Endpoint, [credentials.Write("service credentials", emulator.ImsEndpoint), Repository.Photograph, .. UrlsOf(emulator)]);

        string[] lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(3, lines.Length);
        Assert.Equal(".NETStandard,Version=v2.0", lines[0]);
        Assert.All(lines[1..], line => Assert.StartsWith(Created, line, StringComparison.Ordinal));
        Assert.True(emulator.Storage.Exists("small.jpg"));
        Assert.True(File.Exists(Path.Combine(programs.FolderOf("NetStandardBuild"), "..", "icon.png")));
        Assert.Equal([200], emulator.Calls.Of(EmulatorOperation.Token).Select(call => call.Status));
    }

    /// <summary>Only compiles the program, because running it requires Mono. See docs/CONTRIBUTING.md.</summary>
    [Fact]
    public void NetFrameworkProgram_InANewProject_Compiles()
    {
        string built = programs.FolderOf("NetFramework");

        Assert.All(["NetFramework.exe", "AssetCompute.Client.dll"], file => Assert.True(File.Exists(Path.Combine(built, file))));
    }

    [Fact]
    public Task Worker_WithAJournalProcessor_HandlesItsEvent() => MakesARenditionAsync("Worker", "Worker.dll");

    [Fact]
    public Task AspNetCore_MakesARenditionInARequest() => MakesARenditionAsync("Web", "Web.dll");

    [Fact]
    public async Task AllPackages_TogetherInOneProject_RunInOneProcess() =>
        Assert.Contains(Created, await programs.RunAsync("Everything", "Everything.dll", emulator: null), StringComparison.Ordinal);

    [Fact]
    public async Task GettingStarted_TrimmedAndSelfContained_PrintsItsEvent()
    {
        Assert.SkipUnless(InstalledPrograms.CanPublish, "Published for linux-x64.");
        await using AssetComputeEmulator emulator = await EmulatorWithoutRendering.StartAsync();

        string output = await programs.RunAsync("GettingStartedTrimmed", "GettingStarted", emulator.Endpoint, Repository.Photograph);

        Assert.StartsWith(Created, output, StringComparison.Ordinal);
        Assert.InRange(Directory.EnumerateFiles(programs.FolderOf("GettingStartedTrimmed")).Sum(file => new FileInfo(file).Length), 1, 40_000_000);
    }

    [Fact]
    public async Task ProgramWithAzureBlobs_Native_PublishesWithoutAWarningStoresABlobAndPrintsItsEvent()
    {
        Assert.SkipUnless(InstalledPrograms.CanPublish, "Published for linux-x64.");
        await using NodeServer azurite = await NodeServer.StartAsync("start-azurite.cjs", cancellationToken: TestContext.Current.CancellationToken);
        await AzuriteContainer.CreateAsync(azurite.Endpoint);
        await using AssetComputeEmulator emulator = await EmulatorWithoutRendering.StartAsync();

        string read = await programs.RunAsync("AzureBlobsNative", "AzureBlobs", emulator: null, AzuriteContainer.UrlOf(azurite.Endpoint, DateTimeOffset.UtcNow.AddDays(1)).AbsoluteUri);
        string rendered = await programs.RunAsync("AzureBlobsNative", "AzureBlobs", emulator.Endpoint, Repository.Photograph);

        Assert.Equal("Dear reader", read.Trim());
        Assert.StartsWith(Created, rendered, StringComparison.Ordinal);
        string program = Path.Combine(programs.FolderOf("AzureBlobsNative"), "AzureBlobs");
        Assert.False(File.Exists(program + ".dll"));
        Assert.InRange(new FileInfo(program).Length, 1, 20_000_000);
    }

    /// <summary>The native form is published only for a release, because it takes as long as all other forms together.</summary>
    public static TheoryData<string> FormsOfTheEmulator => PackageFeed.IsOfARelease ? ["RenderingSingleFile", "RenderingNative"] : ["RenderingSingleFile"];

    /// <summary>Tests that the render worker, a separate program, starts for each published form of its host.</summary>
    [Theory]
    [MemberData(nameof(FormsOfTheEmulator))]
    public async Task ProgramWithTheEmulator_PublishedAsOneFileOrNatively_Renders(string form)
    {
        Assert.SkipUnless(InstalledPrograms.CanPublish, "Published for linux-x64.");

        string output = await programs.RunAsync(form, "Rendering", emulator: null, Repository.Photograph);

        Assert.StartsWith(Created, output, StringComparison.Ordinal);
        string published = programs.FolderOf(form);
        Assert.False(File.Exists(Path.Combine(published, "Rendering.dll")));
        Assert.Equal(["linux-x64"], Directory.EnumerateDirectories(Path.Combine(published, "asset-compute-worker", "runtimes")).Select(Path.GetFileName));
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

    private async Task MakesARenditionAsync(string name, string program)
    {
        await using AssetComputeEmulator emulator = await EmulatorWithoutRendering.StartAsync();

        string output = await programs.RunAsync(name, program, emulator.Endpoint, UrlsOf(emulator));

        Assert.Contains(Created, output, StringComparison.Ordinal);
        Assert.True(emulator.Storage.Exists("small.jpg"));
    }

    private static string[] UrlsOf(AssetComputeEmulator emulator) =>
        [emulator.Storage.CreateReadUrl("photo.jpg").OriginalString, emulator.Storage.CreateWriteUrl("small.jpg").OriginalString];
}
