using System.Runtime.InteropServices;
using System.Security;
using AssetCompute.Client.Processes;

namespace AssetCompute.Client.PackageTests;

/// <summary>
/// Copies of the projects under <c>Programs</c>, restored from the packages and built or published for linux-x64. A single MSBuild process handles all
/// projects, because each start takes seconds.
/// </summary>
public sealed class InstalledPrograms
{
    private const string Emulator = "EMULATOR";

    private static readonly (string Name, string Project)[] s_built =
    [
        ("NetStandard", "Host/Host"),
        ("NetStandardBuild", "NetStandardBuild"),
        ("NetFramework", "NetFramework"),
        ("Worker", "Worker"),
        ("Web", "Web"),
        ("Everything", "Everything"),
    ];

    private static readonly (string Name, string Program, string Form)[] s_published =
    [
        ("AzureBlobsNative", "AzureBlobs", "PublishAot=true;NativeDebugSymbols=false"),
        ("GettingStartedTrimmed", "GettingStarted", "SelfContained=true;_CommandLineDefinedSelfContained=true;PublishTrimmed=true"),
        ("RenderingSingleFile", "Rendering", "SelfContained=false;_CommandLineDefinedSelfContained=true;PublishSingleFile=true"),
        .. PackageFeed.IsOfARelease ? [("RenderingNative", "Rendering", "PublishAot=true;NativeDebugSymbols=false;InvariantGlobalization=true")] : ((string, string, string)[])[],
    ];

    private readonly PackageFeed _feed;
    private readonly string _folder;
    private readonly Lazy<Task<string>> _output;

    public InstalledPrograms(PackageFeed feed)
    {
        _feed = feed;
        _folder = Path.Combine(feed.Folder, "programs");
        _output = new(BuildAsync);
    }

    /// <summary>Whether this machine can run the published programs.</summary>
    public static bool CanPublish => OperatingSystem.IsLinux() && RuntimeInformation.OSArchitecture == Architecture.X64;

    /// <summary>Returns the output folder of a project and asserts that it was built without errors or published without warnings.</summary>
    public async Task<string> FolderOfAsync(string name)
    {
        string output = await _output.Value;
        string own = Path.Combine(_folder, name) + Path.DirectorySeparatorChar;
        bool isPublished = s_published.Any(published => published.Name == name);
        string[] said = [.. output.Split('\n').Where(line => line.Contains(own, StringComparison.Ordinal) && (isPublished || line.Contains(": error ", StringComparison.Ordinal)))];
        Assert.True(said.Length == 0 && Directory.Exists(OutOf(name)), said.Length > 0 ? string.Join('\n', said) : output);
        return OutOf(name);
    }

    /// <summary>Runs a program and expects it to succeed.</summary>
    /// <param name="name">The name of the program's folder.</param>
    /// <param name="program">The name of the file: a library that <c>dotnet</c> runs, or an executable.</param>
    /// <param name="emulator">The URL of the emulator, or null if the program starts its own emulator or needs none.</param>
    /// <param name="arguments">The program's arguments.</param>
    /// <returns>The output.</returns>
    public async Task<string> RunAsync(string name, string program, Uri? emulator, params string[] arguments)
    {
        string file = Path.Combine(await FolderOfAsync(name), program);
        Dictionary<string, string> variables = new() { [Emulator] = emulator?.AbsoluteUri.TrimEnd('/') ?? "" };
        return Path.GetExtension(program) == ".dll"
            ? await ProgramRun.CheckAsync("dotnet", [file, .. arguments], Path.Combine(_folder, name), variables)
            : await ProgramRun.CheckAsync(file, arguments, Path.Combine(_folder, name), variables);
    }

    private async Task<string> BuildAsync()
    {
        string version = Package.VersionOf(await _feed.PackAsync(), "AssetCompute.Client");
        List<string> built = [], published = [];
        foreach ((string name, string project) in s_built)
        {
            await CopyAsync(name, name, version);
            built.Add(Item("Built", $"{name}/{project}.csproj", $"OutDir={OutOf(name)}"));
        }

        foreach ((string name, string program, string form) in CanPublish ? s_published : [])
        {
            await CopyAsync(program, name, version);
            published.Add(Item("Published", $"{name}/{program}.csproj", $"RuntimeIdentifier=linux-x64;_CommandLineDefinedRuntimeIdentifier=true;PublishDir={OutOf(name)};{form}"));
        }

        string all = Path.Combine(_folder, "all.proj");
        await File.WriteAllTextAsync(all, $"""
            <Project>
              <ItemGroup>
                {string.Concat(published)}{string.Concat(built)}
              </ItemGroup>
              <Target Name="All">
                <MSBuild Projects="@(Published);@(Built)" Targets="Restore" Properties="Configuration=Release;ExcludeRestorePackageImports=true" BuildInParallel="true" ContinueOnError="ErrorAndContinue" />
                <MSBuild Projects="@(Published)" Targets="Publish" Properties="Configuration=Release;_IsPublishing=true" BuildInParallel="true" ContinueOnError="ErrorAndContinue" />
                <MSBuild Projects="@(Built)" Targets="Build" Properties="Configuration=Release" BuildInParallel="true" ContinueOnError="ErrorAndContinue" />
              </Target>
            </Project>
            """);

        // A failed project doesn't affect the other projects. Each test checks only the output for its own project.
        ProgramRun run = await _feed.TryDotnetAsync(_folder, "msbuild", all, "-t:All", "-m", "-nologo", "-v:q", "-clp:NoSummary");
        return run.Output + run.Errors;
    }

    private static string Item(string kind, string project, string properties) =>
        $"""<{kind} Include="{project}"><AdditionalProperties>{SecurityElement.Escape(properties)}</AdditionalProperties></{kind}>""";

    private string OutOf(string name) => Path.Combine(_folder, name, "out") + Path.DirectorySeparatorChar;

    private async Task CopyAsync(string program, string name, string version)
    {
        string from = Path.Combine(Repository.Root, "tests", "AssetCompute.Client.PackageTests", "Programs", program);
        foreach (string file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories).Where(file => Path.GetExtension(file) is ".cs" or ".csproj"))
        {
            string copy = Path.Combine(_folder, name, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            string text = (await File.ReadAllTextAsync(file)).Replace("\"VERSION\"", $"\"{version}\"", StringComparison.Ordinal);
            await File.WriteAllTextAsync(copy, text.Replace("\"http://127.0.0.1:8080\"", $"Environment.GetEnvironmentVariable(\"{Emulator}\")!", StringComparison.Ordinal));
        }
    }
}
