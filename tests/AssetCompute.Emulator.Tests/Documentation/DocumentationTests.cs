using System.Text.RegularExpressions;

namespace AssetCompute.Emulator.Tests;

/// <summary>What docs/emulator.md says is true: the tests that it names exist, and its sample is the one that runs.</summary>
public sealed partial class DocumentationTests
{
    private static readonly string Text = Read("emulator.md");

    [Fact]
    public void Every_test_that_the_table_names_exists()
    {
        var named = TestName().Matches(Text).Select(match => (Type: match.Groups[1].Value, Method: match.Groups[2].Value)).Distinct().ToArray();
        var types = typeof(DocumentationTests).Assembly.GetTypes().ToLookup(type => type.Name);

        Assert.True(named.Length > 40, $"{named.Length} tests are named");
        Assert.All(named, test => Assert.Contains(types[test.Type].SelectMany(type => type.GetMethods()), method => method.Name == test.Method));
    }

    [Fact]
    public void Sample_is_the_one_that_runs()
    {
        var sample = Read("FixtureSample.cs.txt");
        var shown = sample[sample.IndexOf("public sealed class EmulatorFixture", StringComparison.Ordinal)..].Trim();

        Assert.Contains(shown, Text, StringComparison.Ordinal);
    }

    private static string Read(string name) =>
        File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Documentation", name)).ReplaceLineEndings("\n");

    [GeneratedRegex(@"`([A-Z]\w*(?:Tests|Sample))\.(\w+)`")]
    private static partial Regex TestName();
}
