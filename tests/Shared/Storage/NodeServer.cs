using System.Diagnostics;
using System.Text.Json.Nodes;

namespace AssetCompute.Client.StorageTests;

/// <summary>
/// A storage server from npm, on a free port and in a temporary folder. Its package is installed beside the test assembly, once for all runs.
/// </summary>
public sealed class NodeServer : IAsyncDisposable
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Node");

    private readonly Process _process;
    private readonly DirectoryInfo _data;
    private readonly Task _output;

    private NodeServer(Process process, DirectoryInfo data, Uri endpoint)
    {
        _process = process;
        _data = data;
        // Read, or the server would stop when the pipe is full.
        _output = process.StandardOutput.ReadToEndAsync();
        Endpoint = endpoint;
    }

    public Uri Endpoint { get; }

    public static async Task<NodeServer> StartAsync(string script)
    {
        await InstallAsync();
        DirectoryInfo data = Directory.CreateTempSubdirectory("asset-compute-storage-");
        Process process = Start("node", [script, data.FullName]);
        process.ErrorDataReceived += static (_, _) => { };
        process.BeginErrorReadLine();

        // The line that says the port; Azurite writes others before.
        while (await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
        {
            if (line.StartsWith('{'))
            {
                return new NodeServer(process, data, new Uri($"http://127.0.0.1:{JsonNode.Parse(line)!["port"]}/"));
            }
        }

        throw new InvalidOperationException($"{script} has ended before it listened.");
    }

    /// <summary>Every request so far: method, path, query and headers.</summary>
    public async Task<IReadOnlyList<JsonNode>> RequestsAsync()
    {
        using HttpClient http = new();
        return [.. JsonNode.Parse(await http.GetStringAsync(new Uri(Endpoint, "__requests")))!.AsArray().Select(request => request!)];
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        await _output;
        _process.Dispose();
        _data.Delete(recursive: true);
    }

    private static async Task InstallAsync()
    {
        // Written last, so that an installation that was cut off is begun anew.
        string complete = Path.Combine(Folder, "node_modules", ".complete");
        string wanted = await File.ReadAllTextAsync(Path.Combine(Folder, "package.json"));
        if (File.Exists(complete) && await File.ReadAllTextAsync(complete) == wanted)
        {
            return;
        }

        using Process npm = Start("npm", ["install", "--no-package-lock", "--no-audit", "--no-fund", "--ignore-scripts"]);
        Task<string> output = npm.StandardOutput.ReadToEndAsync();
        string errors = await npm.StandardError.ReadToEndAsync();
        await npm.WaitForExitAsync();
        if (npm.ExitCode != 0)
        {
            throw new InvalidOperationException($"npm failed: {await output}{errors}");
        }

        await File.WriteAllTextAsync(complete, wanted);
    }

    private static Process Start(string program, string[] arguments) => Process.Start(new ProcessStartInfo(program, arguments)
    {
        WorkingDirectory = Folder,
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    })!;
}
