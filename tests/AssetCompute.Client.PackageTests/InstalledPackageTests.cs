using AssetCompute.Client.IntegrationTests.Authentication;
using AssetCompute.Emulator;

namespace AssetCompute.Client.PackageTests;

/// <summary>Tests for packages that are installed from a folder in a new project, which is built and run with the emulator.</summary>
public class InstalledPackageTests(PackageFeed feed)
{
    internal const string Created = "RenditionCreated { RequestId = ";

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

        string output = await feed.Programs.RunAsync(
            "NetStandardBuild", "NetStandardBuild.dll", emulator.Endpoint, [credentials.Write("service credentials", emulator.ImsEndpoint), Repository.Photograph, .. UrlsOf(emulator)]);

        string[] lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(3, lines.Length);
        Assert.Equal(".NETStandard,Version=v2.0", lines[0]);
        Assert.All(lines[1..], line => Assert.StartsWith(Created, line, StringComparison.Ordinal));
        Assert.True(emulator.Storage.Exists("small.jpg"));
        Assert.True(File.Exists(Path.Combine(await feed.Programs.FolderOfAsync("NetStandardBuild"), "..", "icon.png")));
        Assert.Equal([200], emulator.Calls.Of(EmulatorOperation.Token).Select(call => call.Status));
    }

    /// <summary>Only compiles the program, because running it requires Mono. See docs/CONTRIBUTING.md.</summary>
    [Fact]
    public async Task NetFrameworkProgram_InANewProject_Compiles()
    {
        string built = await feed.Programs.FolderOfAsync("NetFramework");

        Assert.All(["NetFramework.exe", "AssetCompute.Client.dll"], file => Assert.True(File.Exists(Path.Combine(built, file))));
    }

    [Fact]
    public Task Worker_WithAJournalProcessor_HandlesItsEvent() => MakesARenditionAsync("Worker", "Worker.dll");

    [Fact]
    public Task AspNetCore_MakesARenditionInARequest() => MakesARenditionAsync("Web", "Web.dll");

    [Fact]
    public async Task AllPackages_TogetherInOneProject_RunInOneProcess() =>
        Assert.Contains(Created, await feed.Programs.RunAsync("Everything", "Everything.dll", emulator: null), StringComparison.Ordinal);

    private async Task MakesARenditionAsync(string name, string program)
    {
        await using AssetComputeEmulator emulator = await EmulatorWithoutRendering.StartAsync();

        string output = await feed.Programs.RunAsync(name, program, emulator.Endpoint, UrlsOf(emulator));

        Assert.Contains(Created, output, StringComparison.Ordinal);
        Assert.True(emulator.Storage.Exists("small.jpg"));
    }

    private static string[] UrlsOf(AssetComputeEmulator emulator) =>
        [emulator.Storage.CreateReadUrl("photo.jpg").OriginalString, emulator.Storage.CreateWriteUrl("small.jpg").OriginalString];
}
