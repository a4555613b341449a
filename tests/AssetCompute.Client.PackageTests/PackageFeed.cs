using AssetCompute.Client.Processes;

[assembly: AssemblyFixture(typeof(AssetCompute.Client.PackageTests.PackageFeed))]

namespace AssetCompute.Client.PackageTests;

/// <summary>A folder with the packages, for projects that install them.</summary>
public sealed class PackageFeed : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("packages-").FullName;
    private readonly SemaphoreSlim _gate = new(1, 1);
    private IReadOnlyDictionary<string, string> _variables = new Dictionary<string, string>();
    private bool _isPacked;

    public PackageFeed() => Programs = new InstalledPrograms(this);

    /// <summary>
    /// Whether <c>ASSET_COMPUTE_PACKAGES</c> specifies a folder for the tested packages of a release. If so, the tool is packed for all platforms, and the
    /// emulator is also published with Native AOT.
    /// </summary>
    public static bool IsOfARelease => Kept is not null;

    /// <summary>The folder with the NuGet configuration for the packages.</summary>
    public string Folder => _folder;

    /// <summary>The programs that install the packages.</summary>
    public InstalledPrograms Programs { get; }

    /// <summary>The folder that keeps the packages, so that a release contains exactly the tested packages, or null.</summary>
    private static string? Kept => Environment.GetEnvironmentVariable("ASSET_COMPUTE_PACKAGES") is { Length: > 0 } kept ? Path.GetFullPath(kept) : null;

    private string Packages => Kept ?? Path.Combine(_folder, "packages");

    public ValueTask InitializeAsync()
    {
        _variables = IsolatedNuGet.VariablesFor(_folder);
        Directory.CreateDirectory(Packages);
        File.WriteAllText(Path.Combine(_folder, "nuget.config"), $"""
            <configuration>
              <packageSources>
                <add key="packages" value="{Packages}" />
              </packageSources>
            </configuration>
            """);
        File.WriteAllText(Path.Combine(_folder, "Directory.Build.props"), """
            <Project>
              <PropertyGroup>
                <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
              </PropertyGroup>
            </Project>
            """);
        return default;
    }

    /// <summary>Creates the packages of this build once.</summary>
    public async Task<IReadOnlyList<string>> PackAsync()
    {
        await _gate.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            if (!_isPacked)
            {
                // A single process packs all projects, which are already built together with these tests.
                string project = Path.Combine(_folder, "pack.proj");
                await File.WriteAllTextAsync(project, $"""
                    <Project>
                      <ItemGroup>
                        <Tool Include="{Path.Combine(Repository.Root, "src", "*.Tool", "*.csproj")}" />
                        <Packed Include="{Path.Combine(Repository.Root, "src", "*", "*.csproj")}" Exclude="@(Tool)" />
                      </ItemGroup>
                      <Target Name="Pack">
                        <MSBuild Projects="@(Packed)" Targets="Pack" Properties="Configuration={Repository.Configuration};NoBuild=true;PackageOutputPath={Packages}" />
                        <!-- Nothing is built for a platform yet. With analyzers, as the solution is built, so that the projects that the tool refers to are not compiled again. -->
                        <MSBuild Projects="@(Tool)" Targets="Pack" Properties="Configuration={Repository.Configuration};RunAnalyzers=true;PackageOutputPath={Packages};PackForThisPlatformOnly={!IsOfARelease}" />
                      </Target>
                    </Project>
                    """);
                using IDisposable turn = await PackLock.TakeAsync();
                await ProgramRun.CheckAsync("dotnet", ["msbuild", project, "-t:Pack", "-nologo", "-v:q"], _folder, _variables);
                _isPacked = true;
            }

            return Directory.GetFiles(Packages);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Runs <c>dotnet</c> and expects it to succeed.</summary>
    /// <returns>The output.</returns>
    public Task<string> DotnetAsync(string folder, params string[] arguments) => ProgramRun.CheckAsync("dotnet", arguments, folder, _variables);

    /// <summary>Runs <c>dotnet</c> without a check of its exit code.</summary>
    internal Task<ProgramRun> TryDotnetAsync(string folder, params string[] arguments) => ProgramRun.OfAsync("dotnet", arguments, TimeSpan.FromMinutes(30), folder, _variables);

    /// <summary>Installs a tool from the packages.</summary>
    /// <returns>The path of the tool.</returns>
    public async Task<string> InstallToolAsync(string package, string command)
    {
        string version = Package.VersionOf(await PackAsync(), "AssetCompute.Client");
        string tools = Path.Combine(_folder, "tools");
        await DotnetAsync(_folder, "tool", "install", package, "--version", version, "--tool-path", tools);
        return Path.Combine(tools, command);
    }

    public ValueTask DisposeAsync()
    {
        Directory.Delete(_folder, recursive: true);
        _gate.Dispose();
        return default;
    }
}
