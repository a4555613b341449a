using AssetCompute.Client.Processes;

[assembly: AssemblyFixture(typeof(AssetCompute.Client.PackageTests.PackageFeed))]

namespace AssetCompute.Client.PackageTests;

/// <summary>The packages in a folder, and projects that install them from there.</summary>
public sealed class PackageFeed : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("packages-").FullName;
    private readonly SemaphoreSlim _gate = new(1, 1);
    private IReadOnlyDictionary<string, string> _variables = new Dictionary<string, string>();
    private bool _isPacked;

    /// <summary>Whether <c>ASSET_COMPUTE_PACKAGES</c> names a folder that keeps what is tested, for a release: then the tool is packed for every platform, and the emulator published natively.</summary>
    public static bool IsOfARelease => Kept is not null;

    /// <summary>Where projects find the packages.</summary>
    public string Folder => _folder;

    /// <summary>Who releases what was tested, and not what was packed again later, has them kept.</summary>
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

    /// <summary>The packages of this build, packed once.</summary>
    public async Task<IReadOnlyList<string>> PackAsync()
    {
        await _gate.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            if (!_isPacked)
            {
                // One process for all of them; built they are, together with these tests.
                string project = Path.Combine(_folder, "pack.proj");
                await File.WriteAllTextAsync(project, $"""
                    <Project>
                      <ItemGroup>
                        <Tool Include="{Path.Combine(Repository.Root, "src", "*.Tool", "*.csproj")}" />
                        <Packed Include="{Path.Combine(Repository.Root, "src", "*", "*.csproj")}" Exclude="@(Tool)" />
                      </ItemGroup>
                      <Target Name="Pack">
                        <MSBuild Projects="@(Packed)" Targets="Pack" Properties="Configuration={Repository.Configuration};NoBuild=true;PackageOutputPath={Packages}" />
                        <!-- Nothing is built for a platform yet. -->
                        <MSBuild Projects="@(Tool)" Targets="Pack" Properties="Configuration={Repository.Configuration};PackageOutputPath={Packages};PackForThisPlatformOnly={!IsOfARelease}" />
                      </Target>
                    </Project>
                    """);
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

    /// <summary>Runs <c>dotnet</c> with arguments, and expects that it succeeds.</summary>
    /// <returns>What it wrote.</returns>
    public Task<string> DotnetAsync(string folder, params string[] arguments) => ProgramRun.CheckAsync("dotnet", arguments, folder, _variables);

    /// <summary>Runs <c>dotnet</c> with arguments, whatever becomes of it.</summary>
    internal Task<ProgramRun> TryDotnetAsync(string folder, params string[] arguments) => ProgramRun.OfAsync("dotnet", arguments, TimeSpan.FromMinutes(30), folder, _variables);

    /// <summary>Installs a tool from the packages.</summary>
    /// <returns>The path of its program.</returns>
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
