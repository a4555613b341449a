namespace AssetCompute.Client.PackageTests;

/// <summary>
/// What <c>dotnet</c> is told so that the packages of others come from wherever they come from on this machine, and ours are unpacked into a folder of this
/// run: none of an earlier one, which somebody may have installed on this machine, is taken for it.
/// </summary>
internal static class IsolatedNuGet
{
    private static string GlobalPackages =>
        Environment.GetEnvironmentVariable("NUGET_PACKAGES") ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");

    /// <param name="folder">Where to unpack.</param>
    /// <returns>The environment variables.</returns>
    public static IReadOnlyDictionary<string, string> VariablesFor(string folder)
    {
        string others = Directory.CreateDirectory(Path.Combine(folder, "others")).FullName;
        foreach (string package in Directory.EnumerateDirectories(GlobalPackages).Where(folder => !Path.GetFileName(folder).StartsWith("assetcompute.", StringComparison.OrdinalIgnoreCase)))
        {
            Directory.CreateSymbolicLink(Path.Combine(others, Path.GetFileName(package)), package);
        }

        return new Dictionary<string, string>
        {
            ["NUGET_PACKAGES"] = Path.Combine(folder, "cache"),
            // MSBuild takes variables for properties.
            ["RestoreFallbackFolders"] = others,
            ["NuGetAudit"] = "false",
            ["DOTNET_NOLOGO"] = "1",
            ["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1",
            ["MSBUILDTERMINALLOGGER"] = "off",
            // The build of the solution has run them already.
            ["RunAnalyzers"] = "false",
            // Compilers and build nodes that stay would outlive the tests.
            ["MSBUILDDISABLENODEREUSE"] = "1",
        };
    }
}
