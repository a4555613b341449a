using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using AssetCompute.Client.Processes;
using AssetCompute.Emulator;

namespace AssetCompute.Client.PackageTests;

/// <summary>Runs the commands of docs/getting-started.md without changes in a folder that contains only a clone.</summary>
public class GettingStartedPageTests(Clone clone)
{
    [Fact]
    public async Task Project_MadeAsThePageSays_PrintsItsEventsAndLeavesItsFiles()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The lines are for a shell.");
        await clone.PackAsync();

        await clone.ShellAsync(clone.Folder, GettingStartedPage.MakeTheProject);

        await RunAsync(clone.Around, clone.ShellAsync);
    }

    [Fact]
    public async Task Project_MadeInPowerShellAsThePageSays_PrintsItsEventsAndLeavesItsFiles()
    {
        await clone.PackAsync();
        string around = Path.Combine(clone.Around, "in-powershell");
        string start = Directory.CreateDirectory(Path.Combine(around, "asset-compute-client")).FullName;
        Directory.CreateSymbolicLink(Path.Combine(around, "packages"), Path.Combine(clone.Around, "packages"));

        await clone.PowerShellAsync(start, GettingStartedPage.MakeTheProjectInPowerShell);

        await RunAsync(around, (folder, lines) => clone.PowerShellAsync(folder, lines));
    }

    /// <summary>Writes the program of the page to the project in a subfolder and runs it.</summary>
    private static async Task RunAsync(string around, Func<string, string, Task<string>> run)
    {
        await using AssetComputeEmulator emulator = await EmulatorWithoutRendering.StartAsync();
        string folder = Path.Combine(around, "first-renditions");
        Assert.True(File.Exists(Path.Combine(folder, "first-renditions.csproj")));
        await File.WriteAllTextAsync(Path.Combine(folder, "Program.cs"), emulator.Addressed(GettingStartedPage.Program), TestContext.Current.CancellationToken);
        File.Copy(Repository.Photograph, Path.Combine(folder, "photo.jpg"));
        AssertPrintedAndLeft(await run(folder, GettingStartedPage.Run), folder);
    }

    /// <summary>Tests the promise of the page.</summary>
    [Fact]
    public void Program_HasAtMostFifteenLines() =>
        Assert.InRange(GettingStartedPage.Program.Split('\n').Count(line => line.Trim().Length > 0), 1, 15);

    [Fact]
    public async Task Quickstart_PublishedTrimmedAsThePageSays_RunsTheWholeJob()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && RuntimeInformation.OSArchitecture == Architecture.X64, "Published for linux-x64.");
        await clone.PackAsync();
        string folder = clone.Folder, output = "";

        await clone.BuildAsync(async () => output = await clone.ShellAsync(folder, GettingStartedPage.PublishTrimmed));

        Assert.DoesNotContain("warning", output, StringComparison.OrdinalIgnoreCase);
        Assert.InRange(Directory.EnumerateFiles(Path.Combine(folder, "trimmed"), "*", SearchOption.AllDirectories).Sum(file => new FileInfo(file).Length), 1, 90_000_000);
        string results = Path.Combine(folder, "output");
        JsonArray renditions = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(results, "result.json"), TestContext.Current.CancellationToken))!["renditions"]!.AsArray();
        Assert.Equal(["created", "created", "created", "created", "created", "failed"], renditions.Select(rendition => (string?)rendition!["status"]));
        Assert.All(renditions.SkipLast(1), rendition => Assert.Equal((long?)rendition!["bytes"], new FileInfo(Path.Combine(results, (string)rendition["name"]!)).Length));
        Assert.Equal("RenditionFormatUnsupported", (string?)renditions[^1]!["reason"]);
        await AssertFailsWithoutDotNetAsync(Path.Combine(folder, "trimmed", "Quickstart"));
    }

    /// <summary>Runs a self-contained program without an installed .NET runtime, which its render worker requires.</summary>
    private static async Task AssertFailsWithoutDotNetAsync(string program)
    {
        // Hides the .NET folder in a mount namespace, which not every machine allows.
        string dotnet = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));
        string[] arguments = ["--map-root-user", "--mount", "sh", "-c", $"mount -t tmpfs none '{dotnet}' && unset DOTNET_ROOT DOTNET_HOST_PATH && exec \"$0\" --output out", program];
        string folder = Path.GetDirectoryName(program)!;
        ProgramRun run = await ProgramRun.OfAsync("unshare", arguments, TimeSpan.FromMinutes(10), folder, new Dictionary<string, string> { ["HOME"] = folder });

        Assert.True(run.Errors.Contains("unshare", StringComparison.Ordinal) || run.Output.Contains("GenericError: Renditions fail: no .NET runtime was found.", StringComparison.Ordinal), run.Output + run.Errors);
    }

    private static void AssertPrintedAndLeft(string output, string folder)
    {
        string[] lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(2, lines.Length);
        foreach ((string line, string file) in lines.Zip(["small.jpg", "icon.png"]))
        {
            Assert.StartsWith("RenditionCreated { RequestId = ", line, StringComparison.Ordinal);
            Assert.Contains($"Rendition {{ Name = {file}", line, StringComparison.Ordinal);
            Assert.True(File.Exists(Path.Combine(folder, file)));
            File.Delete(Path.Combine(folder, file));
        }
    }
}
