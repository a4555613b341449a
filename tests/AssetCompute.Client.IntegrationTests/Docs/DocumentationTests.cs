using System.Reflection;
using System.Text.RegularExpressions;
using AssetCompute.Client.IntegrationTests.Samples;

namespace AssetCompute.Client.IntegrationTests.Docs;

/// <summary>The README and the pages under docs: their code is code that is compiled, and their links lead somewhere.</summary>
public partial class DocumentationTests
{
    public static TheoryData<string> Pages =>
    [
        "README.md",
        "CHANGELOG.md",
        .. Directory.EnumerateFiles(Path.Combine(SampleProgram.Root, "docs"), "*.md").Select(page => $"docs/{Path.GetFileName(page)}"),
        .. new[] { "samples", "src" }
            .SelectMany(folder => Directory.EnumerateDirectories(Path.Combine(SampleProgram.Root, folder)).Select(project => $"{folder}/{Path.GetFileName(project)}/README.md"))
            .Where(page => File.Exists(Path.Combine(SampleProgram.Root, page))),
    ];

    [Theory]
    [MemberData(nameof(Pages))]
    public void Code_OfEveryPage_StandsInAFileThatIsCompiled(string page)
    {
        string[] compiled = [.. CompiledFiles().Select(file => Plain(File.ReadAllText(file)))];

        foreach (Match block in CodeBlock().Matches(Read(page)))
        {
            string code = Plain(block.Groups[1].Value);
            Assert.True(compiled.Any(file => file.Contains(code, StringComparison.Ordinal)), $"{page} shows code that stands in no sample and no test:\n{code}");
        }
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void Links_OfEveryPage_LeadSomewhere(string page)
    {
        string folder = Path.GetDirectoryName(Path.Combine(SampleProgram.Root, page))!;

        foreach (string link in Link().Matches(Read(page)).Select(match => match.Groups[1].Value).Where(link => !link.StartsWith("https://", StringComparison.Ordinal)))
        {
            string[] parts = link.Split('#');
            string target = parts[0].Length == 0 ? page : Path.GetRelativePath(SampleProgram.Root, Path.Combine(folder, parts[0]));
            bool leads = Path.Exists(Path.Combine(SampleProgram.Root, target)) && (parts.Length == 1 || HeadingsOf(target).Contains(parts[1]));
            Assert.True(leads, $"{page} links to {link}, which is not there.");
        }
    }

    [Fact]
    public void Troubleshooting_NamesEveryExceptionAndEveryFailureReason()
    {
        string page = Read("docs/troubleshooting.md");
        IEnumerable<string> exceptions = typeof(IAssetComputeClient).Assembly.GetExportedTypes().Where(typeof(Exception).IsAssignableFrom).Select(type => type.Name);
        IEnumerable<string> reasons = typeof(RenditionFailureReason).GetProperties(BindingFlags.Public | BindingFlags.Static).Select(property => property.Name);

        Assert.All(exceptions.Concat(reasons), name => Assert.Contains($"`{name}`", page, StringComparison.Ordinal));
    }

    private static HashSet<string> HeadingsOf(string page) => [.. Heading().Matches(Read(page)).Select(heading => Anchor(heading.Groups[1].Value))];

    private static string Read(string page) => File.ReadAllText(Path.Combine(SampleProgram.Root, page)).ReplaceLineEndings("\n");

    private static IEnumerable<string> CompiledFiles() => new[] { "samples", "tests" }
        .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(SampleProgram.Root, folder), "*.cs", SearchOption.AllDirectories))
        .Where(file => !file.Split(Path.DirectorySeparatorChar).Any(part => part is "obj" or "bin"));

    /// <summary>The lines without indentation and empty ones.</summary>
    private static string Plain(string text) =>
        string.Join('\n', text.ReplaceLineEndings("\n").Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0));

    /// <summary>As the usual viewers of Markdown make it of a heading.</summary>
    private static string Anchor(string heading) =>
        string.Concat(heading.Trim().ToLowerInvariant().Where(character => char.IsLetterOrDigit(character) || character is ' ' or '-' or '_')).Replace(' ', '-');

    [GeneratedRegex("```csharp\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex CodeBlock();

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex("^#+ (.*)$", RegexOptions.Multiline)]
    private static partial Regex Heading();
}
