using System.Text.RegularExpressions;

namespace AssetCompute.Client.Tests.Conventions;

/// <summary>Tests that the <c>using</c> directives are in the order that <c>dotnet format</c> gives them. No analyzer checks it, and <c>dotnet format</c> takes a minute.</summary>
public sealed partial class ImportsTests
{
    [Fact]
    public void Imports_OfEveryFile_AreInOrder()
    {
        string[] files =
        [
            .. new[] { "src", "samples", "tests" }
                .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(RepositoryRoot.Path, folder), "*.cs", SearchOption.AllDirectories))
                .Where(file => !Path.GetRelativePath(RepositoryRoot.Path, file).Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj")),
        ];

        Assert.NotEmpty(files);
        Assert.DoesNotContain(files, file => !AreInOrder(File.ReadAllText(file)));
    }

    [Theory]
    [InlineData("using System;\nusing System.Text;\nusing AssetCompute.Client;\nusing static System.Math;\nusing Alias = System.Text;\n", true)]
    [InlineData("using B;\nusing b.C;\nusing B.D;\nusing BA;\n", true)]
    [InlineData("using AssetCompute.Client;\nusing System;\n", false)]
    [InlineData("using System.Text;\nusing System;\n", false)]
    [InlineData("using static System.Math;\nusing System;\n", false)]
    [InlineData("using Alias = System.Text;\nusing static System.Math;\n", false)]
    [InlineData("#if NET\nusing System.Text;\n#endif\nusing System;\n", true)]
    [InlineData("using System.Text;\nusing MemoryStream stream = new();\n", true)]
    public void Imports_OfAText_AreInOrderOrNot(string text, bool expected) => Assert.Equal(expected, AreInOrder(text));

    /// <summary>
    /// Plain namespaces are first, then static imports, then aliases. Namespaces of System come before others, and their parts are compared one by one.
    /// A preprocessor directive starts a new block.
    /// </summary>
    private static bool AreInOrder(string text) => PreprocessorDirective().Split(text).All(static block =>
    {
        Match[] imports = Import().Matches(block).ToArray();
        return imports.SequenceEqual(imports
            .OrderBy(import => import.Groups["alias"].Success ? 2 : import.Groups["static"].Success ? 1 : 0)
            .ThenBy(import => import.Groups["name"].Value.Split('.')[0] != "System")
            .ThenBy(import => import.Groups["name"].Value.Replace('.', '\0'), StringComparer.OrdinalIgnoreCase));
    });

    [GeneratedRegex("^#", RegexOptions.Multiline)]
    private static partial Regex PreprocessorDirective();

    [GeneratedRegex(@"^using (?<static>static )?((?<name>[\w.]+);|(?<name>\w+)(?<alias> =) )", RegexOptions.Multiline)]
    private static partial Regex Import();
}
