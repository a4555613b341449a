namespace AssetCompute.Client.PackageTests;

/// <summary>
/// Environment variables for <c>dotnet</c> that keep the machine's sources for third-party packages and unpack the packages of this
/// repository to a separate folder for each run. Earlier builds that are installed on this machine aren't used.
/// </summary>
internal static class IsolatedNuGet
{
    private static string GlobalPackages =>
        Environment.GetEnvironmentVariable("NUGET_PACKAGES") ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");

    /// <param name="folder">The folder for the unpacked packages.</param>
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
            // MSBuild reads environment variables as properties.
            ["RestoreFallbackFolders"] = others,
            ["NuGetAudit"] = "false",
            ["DOTNET_NOLOGO"] = "1",
            ["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1",
            ["MSBUILDTERMINALLOGGER"] = "off",
            // The build of the solution already runs the analyzers.
            ["RunAnalyzers"] = "false",
            // Prevents build nodes that keep running after the tests.
            ["MSBUILDDISABLENODEREUSE"] = "1",
        };
    }
}
