using AssetCompute.Client.Tests;

namespace AssetCompute.Client.PackageTests;

/// <summary>Paths in the repository.</summary>
internal static class Repository
{
    public static string Root => RepositoryRoot.Path;

    public static string Photograph { get; } = Path.Combine(Root, "samples", "Quickstart", "photos", "picos-de-europa.jpg");

    /// <summary>The configuration of these tests and of all other projects: Debug or Release.</summary>
    public static string Configuration { get; } = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;

    /// <summary>The names of the projects with a separate package. The emulator's package contains the render worker.</summary>
    public static IReadOnlyList<string> Packages { get; } =
    [
        .. Directory.EnumerateFiles(Path.Combine(Root, "src"), "*.csproj", SearchOption.AllDirectories)
            .Select(file => Path.GetFileNameWithoutExtension(file)).Where(project => project != "AssetCompute.Emulator.Rendering").Order(StringComparer.Ordinal),
    ];
}
