using AssetCompute.Client.Processes;

[assembly: AssemblyFixture(typeof(AssetCompute.Client.PackageTests.Clone))]

namespace AssetCompute.Client.PackageTests;

/// <summary>A fresh clone of the repository in an otherwise empty folder, without build output.</summary>
public sealed class Clone : IDisposable
{
    public const string Remote = "https://github.com/asset-compute/example.git";

    public const string Commit = "0123456789abcdef0123456789abcdef01234567";

    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly Lazy<IReadOnlyDictionary<string, string>> _variables;
    private readonly Lazy<Task> _packed;
    private readonly string _temporary = Directory.CreateTempSubdirectory("clone-").FullName;

    public Clone()
    {
        _packed = new(() => BuildAsync(() => ShellAsync(Folder, GettingStartedPage.MakeThePackage)));
        _variables = new(() =>
        {
            CopySources();
            // Simulates a build server.
            return new Dictionary<string, string>(IsolatedNuGet.VariablesFor(Path.Combine(_temporary, "nuget"))) { ["CI"] = "true" };
        });
    }

    /// <summary>The folder that contains the clone and the files created beside it.</summary>
    public string Around => Path.Combine(_temporary, "work");

    public string Folder => Path.Combine(Around, "asset-compute-client");

    /// <summary>Creates the packages once, with the commands of the page.</summary>
    public async Task<IReadOnlyList<string>> PackAsync()
    {
        await _packed.Value;
        return Directory.GetFiles(Path.Combine(Around, "packages"));
    }

    /// <summary>Runs commands that build projects of the clone. They take turns, because two builds at once write the same files, and compile what the other one also compiles.</summary>
    public async Task BuildAsync(Func<Task> build)
    {
        await _gate.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            await build();
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Runs shell commands and expects each to succeed.</summary>
    /// <returns>The output.</returns>
    public Task<string> ShellAsync(string folder, string lines) => RunAsync("bash", ["-euo", "pipefail", "-c", lines], folder);

    /// <summary>Runs a program and expects it to succeed.</summary>
    /// <param name="program">The program.</param>
    /// <param name="arguments">The program's arguments.</param>
    /// <param name="folder">The working directory.</param>
    /// <param name="variables">Environment variables to set.</param>
    /// <returns>The output.</returns>
    public Task<string> RunAsync(string program, string[] arguments, string folder, params (string Name, string Value)[] variables)
    {
        Dictionary<string, string> all = new(_variables.Value);
        foreach ((string name, string value) in variables)
        {
            all[name] = value;
        }

        return ProgramRun.CheckAsync(program, arguments, folder, all);
    }

    public void Dispose()
    {
        _gate.Dispose();
        Directory.Delete(_temporary, recursive: true);
    }

    private void CopySources()
    {
        IEnumerable<string> files = Directory.EnumerateFiles(Repository.Root).Concat(Directory.EnumerateFiles(Path.Combine(Repository.Root, "samples"), "quickstart.*"))
            .Concat(new[] { "src", Path.Combine("samples", "Quickstart") }.SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Repository.Root, folder), "*", SearchOption.AllDirectories)));
        foreach (string path in files.Select(file => Path.GetRelativePath(Repository.Root, file)).Where(path => !path.Split(Path.DirectorySeparatorChar).Any(part => part is ".git" or "bin" or "obj" or "output")))
        {
            string copy = Path.Combine(Folder, path);
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(Path.Combine(Repository.Root, path), copy);
        }

        // A second MSBuild process takes longer to start than it saves.
        File.WriteAllText(Path.Combine(Around, "Directory.Build.rsp"), "-maxCpuCount:1\n");

        // A build reads only these files of the Git repository.
        string git = Path.Combine(Folder, ".git");
        Directory.CreateDirectory(Path.Combine(git, "objects"));
        Directory.CreateDirectory(Path.Combine(git, "refs", "heads"));
        File.WriteAllText(Path.Combine(git, "HEAD"), "ref: refs/heads/main\n");
        File.WriteAllText(Path.Combine(git, "refs", "heads", "main"), Commit + "\n");
        File.WriteAllText(Path.Combine(git, "config"), $"[core]\n\trepositoryformatversion = 0\n[remote \"origin\"]\n\turl = {Remote}\n");
    }
}
