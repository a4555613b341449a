using System.Buffers;
using System.Diagnostics;

namespace AssetCompute.Client.Tests.Conventions;

/// <summary>A checkout on macOS or Windows contains every file.</summary>
public class PathTests
{
    private static readonly SearchValues<char> s_reserved = SearchValues.Create('<', '>', ':', '"', '\\', '|', '?', '*');

    [Fact]
    public void Paths_DifferByMoreThanTheirCase() =>
        Assert.Empty(Tracked().GroupBy(path => path, StringComparer.OrdinalIgnoreCase).Where(same => same.Count() > 1).Select(same => string.Join(" and ", same)));

    [Fact]
    public void Paths_HaveOnlyCharactersThatWindowsTakes() =>
        Assert.DoesNotContain(Tracked(), path => path.AsSpan().ContainsAny(s_reserved));

    /// <summary>The paths of all files and folders. Without Git, as in a source archive, these are all paths except build output.</summary>
    private static HashSet<string> Tracked()
    {
        List<string> files = Path.Exists(Path.Combine(RepositoryRoot.Path, ".git")) ? KnownToGit() : LyingThere();
        Assert.Contains("README.md", files);
        HashSet<string> paths = [.. files];
        foreach (string file in files)
        {
            for (int slash = file.LastIndexOf('/'); slash > 0; slash = file.LastIndexOf('/', slash - 1))
            {
                paths.Add(file[..slash]);
            }
        }

        return paths;
    }

    private static List<string> KnownToGit()
    {
        ProcessStartInfo start = new("git", ["ls-files", "-z"]) { WorkingDirectory = RepositoryRoot.Path, RedirectStandardOutput = true };
        using Process git = Process.Start(start)!;
        string output = git.StandardOutput.ReadToEnd();
        git.WaitForExit();
        Assert.Equal(0, git.ExitCode);
        return [.. output.Split('\0', StringSplitOptions.RemoveEmptyEntries)];
    }

    private static List<string> LyingThere() =>
    [
        .. new DirectoryInfo(RepositoryRoot.Path).EnumerateFiles("*", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(RepositoryRoot.Path, file.FullName).Replace('\\', '/'))
            .Where(path => !path.Split('/').Any(part => part is "bin" or "obj" or "node_modules")),
    ];
}
