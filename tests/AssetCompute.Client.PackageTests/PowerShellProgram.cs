using System.Reflection;

namespace AssetCompute.Client.PackageTests;

/// <summary>PowerShell as a .NET tool, which is the same on all systems. The restore of these tests downloads its package.</summary>
internal static class PowerShellProgram
{
    /// <summary>The library that <c>dotnet</c> runs.</summary>
    public static string Library { get; } =
        typeof(PowerShellProgram).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(static metadata => metadata.Key == "PowerShell").Value!;

    /// <summary>Runs commands with the environment of a clone and expects each to succeed.</summary>
    /// <returns>The output.</returns>
    public static Task<string> PowerShellAsync(this Clone clone, string folder, string lines, params (string Name, string Value)[] variables) => clone.RunAsync(
        "dotnet",
        [Library, "-NoProfile", "-NonInteractive", "-Command", $"$ErrorActionPreference = 'Stop'\n$PSNativeCommandUseErrorActionPreference = $true\n{lines}"],
        folder,
        variables);
}
