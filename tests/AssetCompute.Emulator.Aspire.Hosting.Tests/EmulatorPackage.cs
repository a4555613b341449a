using System.Globalization;
using AssetCompute.Client.Processes;
using AssetCompute.Client.Tests;

namespace AssetCompute.Emulator.AppHost.Tests;

/// <summary>
/// The emulator's tool, packed from the build of these tests. The version of the package is unique, because NuGet would restore an earlier package of the same
/// version from the cache.
/// </summary>
public sealed class EmulatorPackage : IAsyncLifetime
{
    /// <summary>The folder that contains the package.</summary>
    public string Folder { get; } = Directory.CreateTempSubdirectory("emulator-package").FullName;

    public string Version { get; } = string.Create(CultureInfo.InvariantCulture, $"0.0.0-test.{DateTime.UtcNow.Ticks}");

    public async ValueTask InitializeAsync()
    {
        string configuration = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;
        using IDisposable turn = await PackLock.TakeAsync();

        // The version of the package alone, since another version of the libraries would compile them again.
        await ProgramRun.CheckAsync(
            "dotnet",
            [
                "msbuild", Path.Combine(RepositoryRoot.Path, "src", "AssetCompute.Emulator.Tool"), "-t:Pack", "-nologo", "-v:q", $"-p:Configuration={configuration}",
                $"-p:PackageVersion={Version}", $"-p:PackageOutputPath={Folder}", "-p:PackForThisPlatformOnly=true", "-p:IncludeSymbols=false", "-p:EnablePackageValidation=false",
            ],
            RepositoryRoot.Path);
    }

    public ValueTask DisposeAsync()
    {
        Directory.Delete(Folder, recursive: true);
        string packages = Environment.GetEnvironmentVariable("NUGET_PACKAGES") ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        foreach (string cached in Directory.EnumerateDirectories(packages, "assetcompute.emulator.tool*").Select(package => Path.Combine(package, Version)).Where(Directory.Exists))
        {
            Directory.Delete(cached, recursive: true);
        }

        return ValueTask.CompletedTask;
    }
}
