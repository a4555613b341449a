using System.Diagnostics;
using System.Net;
using System.Runtime.InteropServices;
using AssetCompute.Client.IntegrationTests.Authentication;
using AssetCompute.Client.IntegrationTests.Samples;
using AssetCompute.Client.Processes;
using AssetCompute.Client.StorageTests;
using AssetCompute.Emulator;

namespace AssetCompute.Client.PackageTests;

/// <summary>The packages, as a stranger gets them: installed from a folder into a new project, built and run against the emulator.</summary>
public class InstalledPackageTests(PackageFeed feed)
{
    private const string Created = "RenditionCreated { RequestId = ";

    [Fact]
    public async Task NetStandardLibrary_UnderAHostOfDotNet10_MakesARendition() => await RunAsync("NetStandard", "net10.0", "Host");

    /// <summary>Whoever runs on today's .NET is given a build of his own by NuGet; the project takes the other one from the package.</summary>
    [Fact]
    public async Task NetStandardBuild_InANewProject_SignsInRegistersProcessesAndReadsTheJournal()
    {
        using CredentialFiles credentials = new();
        await using AssetComputeEmulator emulator = await EmulatorWithoutRendering.StartAsync(credentials.Client);
        string folder = await feed.CopyAsync("NetStandardBuild", "net10.0", emulator.Endpoint);

        string output = await feed.DotnetAsync(folder, ["run", "--", credentials.Write("service credentials", emulator.ImsEndpoint), Repository.Photograph, .. UrlsOf(emulator)]);

        string[] lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(3, lines.Length);
        Assert.Equal(".NETStandard,Version=v2.0", lines[0]);
        Assert.All(lines[1..], line => Assert.StartsWith(Created, line, StringComparison.Ordinal));
        Assert.True(emulator.Storage.Exists("small.jpg"));
        Assert.True(File.Exists(Path.Combine(folder, "icon.png")));
        Assert.Equal([200], emulator.Calls.Of(EmulatorOperation.Token).Select(call => call.Status));
    }

    /// <summary>Run it cannot be on every machine: with Mono it can, see docs/CONTRIBUTING.md.</summary>
    [Fact]
    public async Task NetFrameworkProgram_InANewProject_Compiles()
    {
        string folder = await feed.CopyAsync("NetFramework", "net10.0", endpoint: null);

        await feed.DotnetAsync(folder, "build", "-o", "out");

        Assert.All(["NetFramework.exe", "AssetCompute.Client.dll"], file => Assert.True(File.Exists(Path.Combine(folder, "out", file))));
    }

    [Fact]
    public async Task Worker_WithAJournalProcessor_HandlesItsEvent() => await RunAsync("Worker", "net10.0");

    [Fact]
    public async Task AspNetCore_MakesARenditionInARequest() => await RunAsync("Web", "net10.0");

    [Fact]
    public async Task AllPackages_TogetherInOneProject_RunInOneProcess() =>
        Assert.Contains(Created, await feed.DotnetAsync(await feed.CopyAsync("Everything", "net10.0", endpoint: null), "run"), StringComparison.Ordinal);

    [Fact]
    public async Task GettingStarted_TrimmedAndSelfContained_PrintsItsEvent()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && RuntimeInformation.OSArchitecture == Architecture.X64, "Published for linux-x64.");
        await using AssetComputeEmulator emulator = await EmulatorWithoutRendering.StartAsync();
        string folder = await feed.CopyAsync("GettingStarted", "net10.0", emulator.Endpoint);
        string published = Path.Combine(folder, "out");

        await feed.DotnetAsync(folder, "publish", "-c", "Release", "-r", "linux-x64", "--self-contained", "-p:PublishTrimmed=true", "-o", published);
        string output = await ProgramRun.CheckAsync(Path.Combine(published, "GettingStarted"), [Repository.Photograph], folder);

        Assert.StartsWith(Created, output, StringComparison.Ordinal);
        Assert.InRange(Directory.EnumerateFiles(published).Sum(file => new FileInfo(file).Length), 1, 40_000_000);
    }

    [Fact]
    public async Task GettingStarted_Native_PublishesWithoutAWarningAndPrintsItsEvent()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && RuntimeInformation.OSArchitecture == Architecture.X64, "Published for linux-x64.");
        await using AssetComputeEmulator emulator = await EmulatorWithoutRendering.StartAsync();
        string folder = await feed.CopyAsync("GettingStarted", "net10.0", emulator.Endpoint);
        string published = Path.Combine(folder, "out");

        string publishing = await feed.DotnetAsync(folder, "publish", "-c", "Release", "-r", "linux-x64", "-p:PublishAot=true", "-p:TreatWarningsAsErrors=true", "-o", published);
        string program = Path.Combine(published, "GettingStarted");
        string output = await ProgramRun.CheckAsync(program, [Repository.Photograph], folder);

        Assert.DoesNotContain("warning", publishing, StringComparison.OrdinalIgnoreCase);
        Assert.StartsWith(Created, output, StringComparison.Ordinal);
        Assert.False(File.Exists(program + ".dll"));
        Assert.InRange(new FileInfo(program).Length, 1, 20_000_000);
    }

    /// <summary>The render worker is a program of its own: it starts whatever form its host was published in.</summary>
    [Theory]
    [InlineData("--no-self-contained", "-p:PublishSingleFile=true")]
    [InlineData("-p:PublishAot=true", "-p:InvariantGlobalization=true")]
    public async Task ProgramWithTheEmulator_PublishedAsOneFileOrNatively_Renders(params string[] form)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && RuntimeInformation.OSArchitecture == Architecture.X64, "Published for linux-x64.");
        string folder = await feed.CopyAsync("Rendering", "net10.0", endpoint: null);
        string published = Path.Combine(folder, "out");

        string publishing = await feed.DotnetAsync(folder, ["publish", "-c", "Release", "-r", "linux-x64", .. form, "-o", published]);
        string output = await ProgramRun.CheckAsync(Path.Combine(published, "Rendering"), [Repository.Photograph], folder);

        Assert.DoesNotContain("warning", publishing, StringComparison.OrdinalIgnoreCase);
        Assert.StartsWith(Created, output, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(published, "Rendering.dll")));
        Assert.Equal(["linux-x64"], Directory.EnumerateDirectories(Path.Combine(published, "asset-compute-worker", "runtimes")).Select(Path.GetFileName));
    }

    [Fact]
    public async Task AzureBlobs_Native_PublishesWithoutAWarningAndStoresABlob()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && RuntimeInformation.OSArchitecture == Architecture.X64, "Published for linux-x64.");
        await using NodeServer azurite = await NodeServer.StartAsync("start-azurite.cjs", cancellationToken: TestContext.Current.CancellationToken);
        await AzuriteContainer.CreateAsync(azurite.Endpoint);
        string folder = await feed.CopyAsync("AzureBlobs", "net10.0", endpoint: null);

        string publishing = await feed.DotnetAsync(folder, "publish", "-c", "Release", "-r", "linux-x64", "-p:PublishAot=true", "-o", "out");
        string output = await ProgramRun.CheckAsync(
            Path.Combine(folder, "out", "AzureBlobs"), [AzuriteContainer.UrlOf(azurite.Endpoint, DateTimeOffset.UtcNow.AddDays(1)).AbsoluteUri], folder);

        Assert.DoesNotContain("warning", publishing, StringComparison.OrdinalIgnoreCase);
        Assert.Equal("Dear reader", output.Trim());
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

    /// <summary>Opens the page, has a picture rendered, and stops the program.</summary>
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

    private async Task RunAsync(string program, string framework, string project = "")
    {
        await using AssetComputeEmulator emulator = await EmulatorWithoutRendering.StartAsync();
        string folder = await feed.CopyAsync(program, framework, emulator.Endpoint);

        string output = await feed.DotnetAsync(Path.Combine(folder, project), ["run", "--", .. UrlsOf(emulator)]);

        Assert.Contains(Created, output, StringComparison.Ordinal);
        Assert.True(emulator.Storage.Exists("small.jpg"));
    }

    private static string[] UrlsOf(AssetComputeEmulator emulator) =>
        [emulator.Storage.CreateReadUrl("photo.jpg").OriginalString, emulator.Storage.CreateWriteUrl("small.jpg").OriginalString];
}
