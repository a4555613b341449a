using System.Text;
using AssetCompute.Client.Processes;

[assembly: AssemblyFixture(typeof(AssetCompute.Client.PackageTests.PackageFeed))]

namespace AssetCompute.Client.PackageTests;

/// <summary>
/// The packages in a folder, and projects that install them from there. The packages of others come from wherever they come from on this machine; ours
/// are unpacked into a folder of this run, so that none of an earlier one, which somebody may have installed on this machine, is taken for it.
/// </summary>
public sealed class PackageFeed : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("packages-").FullName;
    private readonly SemaphoreSlim _gate = new(1, 1);
    private bool _isPacked;

    private static string GlobalPackages =>
        Environment.GetEnvironmentVariable("NUGET_PACKAGES") ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");

    private string Packages => Path.Combine(_folder, "packages");

    private string Others => Path.Combine(_folder, "others");

    public ValueTask InitializeAsync()
    {
        Directory.CreateDirectory(Packages);
        Directory.CreateDirectory(Others);
        foreach (string package in Directory.EnumerateDirectories(GlobalPackages).Where(folder => !Path.GetFileName(folder).StartsWith("assetcompute.", StringComparison.OrdinalIgnoreCase)))
        {
            Directory.CreateSymbolicLink(Path.Combine(Others, Path.GetFileName(package)), package);
        }

        File.WriteAllText(Path.Combine(_folder, "nuget.config"), """
            <configuration>
              <packageSources>
                <add key="packages" value="packages" />
              </packageSources>
            </configuration>
            """);
        File.WriteAllText(Path.Combine(_folder, "Directory.Build.props"), $"""
            <Project>
              <PropertyGroup>
                <RestoreFallbackFolders>{Others}</RestoreFallbackFolders>
                <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
                <NuGetAudit>false</NuGetAudit>
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
                        <Packed Include="{Path.Combine(Repository.Root, "src", "*", "*.csproj")}" />
                      </ItemGroup>
                      <Target Name="Pack">
                        <MSBuild Projects="@(Packed)" Targets="Pack" Properties="Configuration={Repository.Configuration};NoBuild=true;PackageOutputPath={Packages}" />
                      </Target>
                    </Project>
                    """);
                await ProgramRun.CheckAsync("dotnet", ["msbuild", project, "-t:Pack", "-nologo", "-v:q"], _folder, Variables());
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
        string version = VersionOf(await PackAsync());
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
    public Task<string> DotnetAsync(string folder, params string[] arguments) => ProgramRun.CheckAsync("dotnet", arguments, folder, Variables());

    /// <summary>Installs a tool from the packages.</summary>
    /// <returns>The path of its program.</returns>
    public async Task<string> InstallToolAsync(string package, string command)
    {
        string version = VersionOf(await PackAsync());
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

    private static string VersionOf(IEnumerable<string> packages) =>
        packages.Select(file => Path.GetFileName(file)).Where(name => name.StartsWith("AssetCompute.Client.", StringComparison.Ordinal) && char.IsAsciiDigit(name["AssetCompute.Client.".Length]) && name.EndsWith(".nupkg", StringComparison.Ordinal))
            .Select(name => name["AssetCompute.Client.".Length..^".nupkg".Length]).Single();

    /// <summary>An older framework than the one that is installed runs on the newer one.</summary>
    private Dictionary<string, string> Variables() => new()
    {
        ["NUGET_PACKAGES"] = Path.Combine(_folder, "cache"),
        ["DOTNET_ROLL_FORWARD"] = "Major",
        ["DOTNET_NOLOGO"] = "1",
        ["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1",
        ["MSBUILDTERMINALLOGGER"] = "off",
        // Compilers and build nodes that stay would outlive the tests.
        ["MSBUILDDISABLENODEREUSE"] = "1",
    };
}
