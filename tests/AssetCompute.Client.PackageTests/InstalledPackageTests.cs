using System.Diagnostics;
using System.Net;
using System.Runtime.InteropServices;
using AssetCompute.Client.IntegrationTests.Authentication;
using AssetCompute.Client.Processes;
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

    [Fact]
    public async Task EmulatorTool_Installed_AnswersAtTheAddressThatItPrints()
    {
        string tool = await feed.InstallToolAsync("AssetCompute.Emulator.Tool", "asset-compute-emulator");
        HttpStatusCode? status = null;

        string output = await ProgramRun.CheckAsync(tool, ["--no-render"], Path.GetTempPath(), onLine: (line, process) =>
        {
            if (line.StartsWith("ASSET_COMPUTE_URL=", StringComparison.Ordinal))
            {
                using HttpClient http = new();
                using HttpRequestMessage page = new(HttpMethod.Get, line["ASSET_COMPUTE_URL=".Length..]);
                using HttpResponseMessage answer = http.Send(page, TestContext.Current.CancellationToken);
                status = answer.StatusCode;
                using Process kill = Process.Start("kill", ["-INT", $"{process.Id}"]);
                kill.WaitForExit();
            }
        });

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Contains("AssetCompute__ClientId=emulator-client", output, StringComparison.Ordinal);
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
