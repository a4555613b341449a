using System.Text;
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

    /// <summary>Who releases what was tested, and not what was packed again later, has them kept.</summary>
    private string Packages => Environment.GetEnvironmentVariable("ASSET_COMPUTE_PACKAGES") is { Length: > 0 } kept ? Path.GetFullPath(kept) : Path.Combine(_folder, "packages");

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
                        <!-- A package for each platform: those are built here. -->
                        <MSBuild Projects="@(Tool)" Targets="Pack" Properties="Configuration={Repository.Configuration};PackageOutputPath={Packages}" />
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

    /// <summary>A copy of one of the projects under Programs, pointed at an emulator.</summary>
    /// <param name="program">The name of the folder.</param>
    /// <param name="framework">The target framework to use in the place of .NET 10.</param>
    /// <param name="endpoint">Where the emulator is.</param>
    /// <returns>The folder of the copy.</returns>
    public async Task<string> CopyAsync(string program, string framework, Uri? endpoint)
    {
        string version = Package.VersionOf(await PackAsync(), "AssetCompute.Client");
        string from = Path.Combine(Repository.Root, "tests", "AssetCompute.Client.PackageTests", "Programs", program);
        string to = Path.Combine(_folder, $"{program}-{framework}-{Path.GetRandomFileName()}");
        foreach (string file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories).Where(file => Path.GetExtension(file) is ".cs" or ".csproj"))
        {
            string copy = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            StringBuilder text = new(await File.ReadAllTextAsync(file));
            text.Replace("\"VERSION\"", $"\"{version}\"").Replace("net10.0", framework).Replace("http://127.0.0.1:8080", endpoint?.AbsoluteUri.TrimEnd('/') ?? "");
            await File.WriteAllTextAsync(copy, text.ToString());
        }

        return to;
    }

    /// <summary>Runs <c>dotnet</c> with arguments, and expects that it succeeds.</summary>
    /// <returns>What it wrote.</returns>
    public Task<string> DotnetAsync(string folder, params string[] arguments) => ProgramRun.CheckAsync("dotnet", arguments, folder, _variables);

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
