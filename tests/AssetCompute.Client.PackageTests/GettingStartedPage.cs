using System.Text.RegularExpressions;

namespace AssetCompute.Client.PackageTests;

/// <summary>The commands and the program of docs/getting-started.md.</summary>
internal static class GettingStartedPage
{
    public static string MakeThePackage => Block("Build the package", "sh");

    public static string MakeTheProject => Block("Create a project", "sh");

    public static string MakeTheProjectInPowerShell => Block("Create a project", "powershell");

    public static string Program => Block("Write the program", "csharp");

    public static string Run => Block("Run it", "sh");

    public static string PublishTrimmed => Block("A small program", "sh");

    /// <summary>Returns the first block in a language under a heading, with or without a number.</summary>
    private static string Block(string heading, string language)
    {
        string page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "getting-started.md")).ReplaceLineEndings("\n");
        Match section = Regex.Match(page, $@"^## (?:\d+\. )?{Regex.Escape(heading)}\n(.*?)(?=^## |\z)", RegexOptions.Multiline | RegexOptions.Singleline);
        Match block = Regex.Match(section.Value, $@"^```{language}\n(.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline);
        Assert.True(block.Success, $"docs/getting-started.md has no block of {language} under the heading '{heading}'.");
        return block.Groups[1].Value;
    }
}
