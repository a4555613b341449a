using System.Diagnostics;
using System.Globalization;
using AssetCompute.Client.Tests;

namespace AssetCompute.Emulator.AppHost.Tests;

/// <summary>
/// The emulator's tool, packed from the current sources. The version is unique, because NuGet would restore an earlier package of the same version from
/// the cache. The build folder is separate, because other tests pack the projects' own output.
/// </summary>
public sealed class EmulatorPackage : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("emulator-package").FullName;

    /// <summary>The folder that contains the package.</summary>
    public string Folder => Path.Combine(_folder, "packages");

    public string Version { get; } = string.Create(CultureInfo.InvariantCulture, $"0.0.0-test.{DateTime.UtcNow.Ticks}");

    public async ValueTask InitializeAsync()
    {
        using Process process = new()
        {
            StartInfo = new ProcessStartInfo(
                "dotnet",
                ["pack", Path.Combine(RepositoryRoot.Path, "src", "AssetCompute.Emulator.Tool"), "-o", Folder, "--artifacts-path", Path.Combine(_folder, "build"), $"-p:Version={Version}", "-p:PackForThisPlatformOnly=true", "-p:IncludeSymbols=false", "-p:EnablePackageValidation=false", "-p:RunAnalyzers=false"])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            },
        };
        process.Start();
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, await output + await errors);
    }

    public ValueTask DisposeAsync()
    {
        Directory.Delete(_folder, recursive: true);
        string packages = Environment.GetEnvironmentVariable("NUGET_PACKAGES") ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        string cached = Path.Combine(packages, "assetcompute.emulator.tool", Version);
        if (Directory.Exists(cached))
        {
            Directory.Delete(cached, recursive: true);
        }

        return ValueTask.CompletedTask;
    }
}
