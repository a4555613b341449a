using System.Diagnostics;
using System.IO.Compression;
using System.Net;
using System.Xml.Linq;
using AssetCompute.Client.Processes;
using AssetCompute.Emulator;

namespace AssetCompute.Client.PackageTests;

/// <summary>The packages, as a stranger gets them: installed from a folder into a new project, built and run against the emulator.</summary>
public class InstalledPackageTests(PackageFeed feed)
{
    private const string Created = "RenditionCreated { RequestId = ";

    private static readonly string s_photograph = Path.Combine(Repository.Root, "samples", "Quickstart", "photos", "picos-de-europa.jpg");

    [Theory]
    [InlineData("net10.0")]
    [InlineData("net8.0")]
    public async Task GettingStarted_InANewProject_PrintsItsEventsAndLeavesItsFiles(string framework)
    {
        await using AssetComputeEmulator emulator = await StartAsync();
        string folder = await feed.CopyAsync("GettingStarted", framework, emulator.Endpoint);

        string output = await feed.DotnetAsync(folder, "run", "--", s_photograph);

        Assert.StartsWith(Created, output, StringComparison.Ordinal);
        Assert.All(["small.jpg", "icon.png"], file =>
        {
            Assert.Contains($"Name = {file}", output, StringComparison.Ordinal);
            Assert.True(File.Exists(Path.Combine(folder, file)));
        });
    }

    /// <summary>What the page promises.</summary>
    [Fact]
    public void GettingStarted_HasAtMostFifteenLines() =>
        Assert.InRange(File.ReadLines(Path.Combine(Repository.Root, "tests", "AssetCompute.Client.PackageTests", "Programs", "GettingStarted", "Program.cs")).Count(line => line.Trim().Length > 0), 1, 15);

    [Fact]
    public async Task NetStandardLibrary_UnderAHostOfDotNet8_MakesARendition() => await RunAsync("NetStandard", "net8.0", "Host");

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
        Assert.SkipUnless(OperatingSystem.IsLinux() && System.Runtime.InteropServices.RuntimeInformation.OSArchitecture == System.Runtime.InteropServices.Architecture.X64, "Published for linux-x64.");
        await using AssetComputeEmulator emulator = await StartAsync();
        string folder = await feed.CopyAsync("GettingStarted", "net10.0", emulator.Endpoint);

        await feed.DotnetAsync(folder, "publish", "-c", "Release", "-r", "linux-x64", "--self-contained", "-p:PublishTrimmed=true", "-o", "out");
        string output = await ProgramRun.CheckAsync(Path.Combine(folder, "out", "GettingStarted"), [s_photograph], folder);

        Assert.StartsWith(Created, output, StringComparison.Ordinal);
        Assert.InRange(Directory.EnumerateFiles(Path.Combine(folder, "out")).Sum(file => new FileInfo(file).Length), 1, 40_000_000);
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

    [Fact]
    public async Task Packages_HaveAllThatAPackageHas()
    {
        IReadOnlyList<string> files = await feed.PackAsync();

        foreach (string project in Repository.Packages)
        {
            string package = Assert.Single(files, file => Path.GetFileName(file).StartsWith(project + ".", StringComparison.Ordinal) && char.IsAsciiDigit(Path.GetFileName(file)[project.Length + 1]) && file.EndsWith(".nupkg", StringComparison.Ordinal));
            Assert.True(File.Exists(Path.ChangeExtension(package, ".snupkg")), $"{project} has no symbols.");
            await using ZipArchive zip = await ZipFile.OpenReadAsync(package, TestContext.Current.CancellationToken);
            await using Stream stream = await zip.GetEntry(project + ".nuspec")!.OpenAsync(TestContext.Current.CancellationToken);
            XElement metadata = (await XDocument.LoadAsync(stream, LoadOptions.None, TestContext.Current.CancellationToken)).Root!.Elements().Single();
            Assert.All(["description", "license", "icon", "readme", "tags", "authors", "copyright"], name => Assert.Contains(metadata.Elements(), element => element.Name.LocalName == name && element.Value.Length > 0));
            Assert.All(["icon.png", "README.md"], name => Assert.NotNull(zip.GetEntry(name)));
            Assert.All(zip.Entries.Where(entry => entry.FullName.StartsWith("lib/", StringComparison.Ordinal) && entry.Name.EndsWith(".dll", StringComparison.Ordinal)), entry => Assert.NotNull(zip.GetEntry(Path.ChangeExtension(entry.FullName, ".xml"))));
        }
    }

    /// <summary>Few dependencies: one more is a decision, with a line in docs/dependencies.md.</summary>
    [Fact]
    public async Task Client_DependsOnWhatThePageSays()
    {
        string page = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs", "dependencies.md"), TestContext.Current.CancellationToken);
        string package = (await feed.PackAsync()).Single(file => Path.GetFileName(file).StartsWith("AssetCompute.Client.0", StringComparison.Ordinal) && file.EndsWith(".nupkg", StringComparison.Ordinal));
        await using ZipArchive zip = await ZipFile.OpenReadAsync(package, TestContext.Current.CancellationToken);
        await using Stream stream = await zip.GetEntry("AssetCompute.Client.nuspec")!.OpenAsync(TestContext.Current.CancellationToken);
        XDocument nuspec = await XDocument.LoadAsync(stream, LoadOptions.None, TestContext.Current.CancellationToken);

        IEnumerable<string> dependencies = nuspec.Descendants().Where(element => element.Name.LocalName == "dependency").Select(element => (string)element.Attribute("id")!).Distinct();

        Assert.NotEmpty(dependencies);
        Assert.All(dependencies, dependency => Assert.Contains(dependency, page, StringComparison.Ordinal));
    }

    private async Task RunAsync(string program, string framework, string project = "")
    {
        await using AssetComputeEmulator emulator = await StartAsync();
        string folder = await feed.CopyAsync(program, framework, emulator.Endpoint);

        string output = await feed.DotnetAsync(Path.Combine(folder, project), ["run", "--", .. UrlsOf(emulator)]);

        Assert.Contains(Created, output, StringComparison.Ordinal);
        Assert.True(emulator.Storage.Exists("small.jpg"));
    }

    private static async Task<AssetComputeEmulator> StartAsync()
    {
        AssetComputeEmulator emulator = await AssetComputeEmulator.StartAsync(options => options.Rendering.Mode = EmulatorRenderingMode.None, TestContext.Current.CancellationToken);
        return emulator;
    }

    private static string[] UrlsOf(AssetComputeEmulator emulator) =>
        [emulator.Storage.CreateReadUrl("photo.jpg").OriginalString, emulator.Storage.CreateWriteUrl("small.jpg").OriginalString];
}
