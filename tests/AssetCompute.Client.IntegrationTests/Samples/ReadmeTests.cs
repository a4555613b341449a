namespace AssetCompute.Client.IntegrationTests.Samples;

public class ReadmeTests
{
    [Fact]
    public async Task Readme_CodeForARealAccount_IsTheCodeThatIsCompiled()
    {
        string readme = await ReadAsync("README.md");
        string sample = await ReadAsync("samples/Quickstart/RealAccount.cs");

        string shown = Between(readme, "```csharp\n", "```");
        string compiled = Between(sample, "// <readme>\n", "// </readme>");

        Assert.Equal(Trimmed(compiled), Trimmed(shown));
        Assert.InRange(Trimmed(shown).Count, 15, 25);
    }

    [Fact]
    public async Task Readme_EveryRelativeLink_LeadsToAFile()
    {
        string readme = await ReadAsync("README.md");

        string[] links = [.. System.Text.RegularExpressions.Regex.Matches(readme, @"\]\(([^)#]+)\)")
            .Select(match => match.Groups[1].Value)
            .Where(link => !link.StartsWith("https://", StringComparison.Ordinal))];

        Assert.NotEmpty(links);
        Assert.All(links, link => Assert.True(Path.Exists(Path.Combine(SampleProgram.Root, link)), link));
    }

    private static async Task<string> ReadAsync(string path) =>
        (await File.ReadAllTextAsync(Path.Combine(SampleProgram.Root, path), TestContext.Current.CancellationToken)).ReplaceLineEndings("\n");

    private static string Between(string text, string start, string end)
    {
        int from = text.IndexOf(start, StringComparison.Ordinal) + start.Length;
        Assert.True(from >= start.Length, $"There is no '{start.Trim()}'.");
        return text[from..text.IndexOf(end, from, StringComparison.Ordinal)];
    }

    /// <summary>The lines without the indentation that they have in common.</summary>
    private static List<string> Trimmed(string block)
    {
        List<string> lines = [.. block.TrimEnd().Split('\n').Select(line => line.TrimEnd())];
        int indentation = lines.Where(line => line.Length > 0).Min(line => line.Length - line.TrimStart().Length);
        return [.. lines.Select(line => line.Length == 0 ? line : line[indentation..])];
    }
}
