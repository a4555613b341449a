using System.Text.Json.Nodes;

namespace AssetCompute.Client.PackageTests;

/// <summary>Tests the first command of the README in a fresh clone. It requires only the SDK.</summary>
public sealed class QuickstartScriptTests(OtherClone other)
{
    private static readonly string[] s_notNeeded = ["convert", "magick", "identify", "gs"];

    [Fact]
    public Task Script_OfBash_RunsWithNeitherImageMagickNorGhostscript() => RunAsync("quickstart.sh", "bash");

    /// <summary>Tests the script for Windows with PowerShell on this machine.</summary>
    [Fact]
    public Task Script_OfPowerShell_RunsWithNeitherImageMagickNorGhostscript() => RunAsync("quickstart.ps1", "dotnet", PowerShellProgram.Library);

    private async Task RunAsync(string script, string program, params string[] arguments)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The search path is made of symbolic links.");
        Clone clone = other.Clone;
        HashSet<string> names = [.. s_notNeeded];
        DirectoryInfo programs = Directory.CreateDirectory(Path.Combine(clone.Around, $"path-{script}"));
        foreach (string file in Environment.GetEnvironmentVariable("PATH")!.Split(Path.PathSeparator).Where(Directory.Exists).SelectMany(Directory.EnumerateFiles))
        {
            if (names.Add(Path.GetFileName(file)))
            {
                File.CreateSymbolicLink(Path.Combine(programs.FullName, Path.GetFileName(file)), file);
            }
        }

        string results = Path.Combine(clone.Around, $"results-{script}");
        await clone.BuildAsync(() => clone.RunAsync(program, [.. arguments, Path.Combine(clone.Folder, "samples", script), "--output", results], clone.Around, ("PATH", programs.FullName)));

        JsonNode result = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(results, "result.json"), TestContext.Current.CancellationToken))!;
        Assert.Equal(5, result["renditions"]!.AsArray().Count(static rendition => (string?)rendition!["status"] == "created"));
        Assert.True(File.Exists(Path.Combine(results, "index.html")));
    }
}
