using System.Reflection;
using System.Text.RegularExpressions;
using AssetCompute.Client.IntegrationTests.Samples;

namespace AssetCompute.Client.IntegrationTests.Docs;

/// <summary>Tests that the code samples of this repository's pages are compiled and that their links are valid.</summary>
public partial class DocumentationTests
{
    private static readonly Lazy<string[]> s_compiled = new(() => [.. CompiledFiles().Select(file => Plain(File.ReadAllText(file)))]);

    private static readonly string[] s_folders = ["docs", "samples", "src", "tests"];

    /// <summary>All Markdown pages of the repository, except generated ones.</summary>
    public static TheoryData<string> Pages =>
    [
        "README.md",
        "CHANGELOG.md",
        .. s_folders.SelectMany(folder => Written(folder, "*.md")).Select(page => Path.GetRelativePath(SampleProgram.Root, page).Replace('\\', '/')),
    ];

    /// <summary>The projects that need a README file.</summary>
    public static TheoryData<string> Projects =>
    [
        .. new[] { "samples", "src" }.SelectMany(folder => Written(folder, "*.csproj")).Select(project => Path.GetRelativePath(SampleProgram.Root, Path.GetDirectoryName(project)!).Replace('\\', '/')),
    ];

    [Theory]
    [MemberData(nameof(Projects))]
    public void Project_HasAReadme(string project) => Assert.True(File.Exists(Path.Combine(SampleProgram.Root, project, "README.md")), $"{project} has no README.md.");

    [Theory]
    [MemberData(nameof(Pages))]
    public void Code_OfEveryPage_StandsInAFileThatIsCompiled(string page)
    {
        foreach (Match block in CodeBlock().Matches(Read(page)))
        {
            string code = Plain(block.Groups[1].Value);
            Assert.True(s_compiled.Value.Any(file => file.Contains(code, StringComparison.Ordinal)), $"{page} shows code that is in no sample and no test:\n{code}");
        }
    }

    /// <summary>Tests that the brackets in each code block are balanced, so no part of a sample is missing.</summary>
    [Theory]
    [MemberData(nameof(Pages))]
    public void Code_OfEveryPage_IsWhole(string page)
    {
        foreach (string code in CodeBlock().Matches(Read(page)).Select(block => block.Groups[1].Value))
        {
            Assert.All(new[] { "{}", "()", "[]" }, pair => Assert.True(code.Count(character => character == pair[0]) == code.Count(character => character == pair[1]), $"{page} shows code that is cut off:\n{code}"));
        }
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void Links_OfEveryPage_LeadSomewhere(string page)
    {
        string folder = Path.GetDirectoryName(Path.Combine(SampleProgram.Root, page))!;

        foreach (string link in Link().Matches(Read(page)).Select(match => match.Groups[1].Value))
        {
            if (link.StartsWith("https://", StringComparison.Ordinal))
            {
                // A test must not require the network, so only the format of the URL is checked.
                Assert.True(Uri.IsWellFormedUriString(link, UriKind.Absolute), $"{page} links to {link}, which is not a URL.");
                continue;
            }

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

        Assert.All(exceptions.Concat(reasons), name => Assert.Matches($@"`{name}\b", page));
    }

    [Fact]
    public void Dependencies_NamesEveryPlaceOfPolly()
    {
        string page = Read("docs/dependencies.md");
        string[] places = [.. new[] { "samples", "src" }.SelectMany(folder => Written(folder, "*.cs")).Where(file => File.ReadLines(file).Any(line => line.StartsWith("using Polly", StringComparison.Ordinal)))];

        Assert.NotEmpty(places);
        Assert.All(places, file =>
        {
            string folder = Path.GetFileName(Path.GetDirectoryName(file)!);
            Assert.True(page.Contains($"{folder}/`", StringComparison.Ordinal) || page.Contains(Path.GetFileName(file), StringComparison.Ordinal), $"docs/dependencies.md does not name {file}.");
        });
    }

    private static HashSet<string> HeadingsOf(string page) => [.. Heading().Matches(Read(page)).Select(heading => Anchor(heading.Groups[1].Value))];

    private static string Read(string page) => File.ReadAllText(Path.Combine(SampleProgram.Root, page)).ReplaceLineEndings("\n");

    private static IEnumerable<string> CompiledFiles() => Written("samples", "*.cs").Concat(Written("tests", "*.cs"));

    /// <summary>Files that aren't build output, installed packages, or output of a program.</summary>
    private static IEnumerable<string> Written(string folder, string pattern) => Directory.EnumerateFiles(Path.Combine(SampleProgram.Root, folder), pattern, SearchOption.AllDirectories)
        .Where(file => !Path.GetRelativePath(SampleProgram.Root, file).Split(Path.DirectorySeparatorChar).Any(part => part is "obj" or "bin" or "node_modules" or "output"));

    /// <summary>Removes indentation and empty lines.</summary>
    private static string Plain(string text) =>
        string.Join('\n', text.ReplaceLineEndings("\n").Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0));

    /// <summary>Converts a heading to an anchor in the same way as common Markdown viewers.</summary>
    private static string Anchor(string heading) =>
        string.Concat(heading.Trim().ToLowerInvariant().Where(character => char.IsLetterOrDigit(character) || character is ' ' or '-' or '_')).Replace(' ', '-');

    [GeneratedRegex("```csharp\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex CodeBlock();

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex("^#+ (.*)$", RegexOptions.Multiline)]
    private static partial Regex Heading();
}
