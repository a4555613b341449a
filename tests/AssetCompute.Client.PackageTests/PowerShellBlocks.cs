using System.Text.RegularExpressions;

namespace AssetCompute.Client.PackageTests;

/// <summary>The blocks of shell commands on the pages.</summary>
internal static partial class PowerShellBlocks
{
    /// <summary>Pages for contributors, who need the tools of Linux or macOS.</summary>
    private static readonly string[] s_others = ["CONTRIBUTING.md", "mutation.md", "emulator-tests.md", "requests.md", "export.md", "export-destinations.md", "export-operations.md", "export-settings.md"];

    /// <summary>The PowerShell blocks, and the bash blocks without a PowerShell variant, which must work in both shells.</summary>
    public static IReadOnlyList<Block> All { get; } = [.. Pages().SelectMany(Read)];

    private static IEnumerable<string> Pages()
    {
        IEnumerable<string> readmes = new[] { "samples", "src" }.SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Repository.Root, folder), "README.md", SearchOption.AllDirectories));
        return Directory.EnumerateFiles(Path.Combine(Repository.Root, "docs"), "*.md").Concat(readmes).Append(Path.Combine(Repository.Root, "README.md"))
            .Where(page => !s_others.Contains(Path.GetFileName(page)) && !page.Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj" or "output" or "AssetExport" or "AssetExport.Demo"));
    }

    private static IEnumerable<Block> Read(string page)
    {
        MatchCollection blocks = Fence().Matches(File.ReadAllText(page).ReplaceLineEndings("\n"));
        for (int i = 0; i < blocks.Count; i++)
        {
            bool isPowerShell = blocks[i].Groups["language"].Value == "powershell";
            bool isFollowed = i + 1 < blocks.Count && blocks[i + 1].Groups["language"].Value == "powershell" && blocks[i + 1].Index <= blocks[i].Index + blocks[i].Length + 2;
            if (isPowerShell || (blocks[i].Groups["language"].Value == "sh" && !isFollowed))
            {
                yield return new Block(Path.GetRelativePath(Repository.Root, page), blocks[i].Groups["lines"].Value, isPowerShell);
            }
        }
    }

    [GeneratedRegex("^```(?<language>\\w*)\n(?<lines>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fence();

    /// <param name="Page">The page that contains the block.</param>
    /// <param name="Lines">The commands.</param>
    /// <param name="IsPowerShell">Whether the block is for PowerShell only.</param>
    public sealed record Block(string Page, string Lines, bool IsPowerShell);
}
