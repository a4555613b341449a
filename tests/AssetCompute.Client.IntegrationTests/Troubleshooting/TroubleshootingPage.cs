using System.Text.RegularExpressions;
using AssetCompute.Client.IntegrationTests.Samples;

namespace AssetCompute.Client.IntegrationTests.Troubleshooting;

/// <summary>The tables of docs/troubleshooting.md.</summary>
internal static partial class TroubleshootingPage
{
    /// <summary>The section of symptoms, which have no error text.</summary>
    private const string Symptoms = "No error, and nothing happens";

    public static IReadOnlyList<(string Section, string Key, string Advice)> Rows { get; } = [.. Read()];

    /// <summary>The texts in the first column that are formatted as code.</summary>
    public static IEnumerable<(string Section, string Text)> Texts => Rows.SelectMany(row => Code().Matches(row.Key).Select(text => (row.Section, text.Groups[1].Value)));

    /// <summary>Converts a text to a regular expression, with … as a wildcard. A name or a code matches only at the beginning.</summary>
    public static string PatternOf(string text)
    {
        string pattern = Regex.Escape(text).Replace("…", ".+", StringComparison.Ordinal);
        return Name().IsMatch(text) ? $@"\A{pattern}\b" : pattern;
    }

    private static IEnumerable<(string Section, string Key, string Advice)> Read()
    {
        string section = "";
        bool isInTable = false;
        foreach (string line in File.ReadLines(Path.Combine(SampleProgram.Root, "docs", "troubleshooting.md")))
        {
            section = line.StartsWith("## ", StringComparison.Ordinal) ? line[3..] : section;
            string[] cells = [.. line.Split('|').Select(cell => cell.Trim())];
            if (isInTable && cells.Length > 2 && section != Symptoms)
            {
                yield return (section, cells[1], cells[^2]);
            }

            isInTable = line.StartsWith("|---", StringComparison.Ordinal) || (isInTable && cells.Length > 2);
        }
    }

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Code();

    [GeneratedRegex("^[A-Za-z0-9.]+$")]
    private static partial Regex Name();
}
