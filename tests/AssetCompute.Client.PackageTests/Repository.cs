using AssetCompute.Client.Tests;

namespace AssetCompute.Client.PackageTests;

/// <summary>Where things are in the repository.</summary>
internal static class Repository
{
    public static string Root => RepositoryRoot.Path;

    public static string Photograph { get; } = Path.Combine(Root, "samples", "Quickstart", "photos", "picos-de-europa.jpg");

    /// <summary>Debug or Release: as these tests were built, so was the rest.</summary>
    public static string Configuration { get; } = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;

    /// <summary>The names of the projects that are packed on their own; the render worker travels inside the emulator's package.</summary>
    public static IReadOnlyList<string> Packages { get; } =
    [
        .. Directory.EnumerateFiles(Path.Combine(Root, "src"), "*.csproj", SearchOption.AllDirectories)
            .Select(file => Path.GetFileNameWithoutExtension(file)).Where(project => project != "AssetCompute.Emulator.Rendering").Order(StringComparer.Ordinal),
    ];
}
