using System.Diagnostics;
using System.Text.Json.Nodes;

namespace AssetCompute.Client.StorageTests;

/// <summary>
/// A storage server from npm, on a free port and in a temporary folder. Its package is installed once for the whole repository.
/// </summary>
public sealed class NodeServer : IAsyncDisposable
{
    private readonly Process _process;
    private readonly DirectoryInfo _data;
    private readonly Task _output;

    private NodeServer(Process process, DirectoryInfo data, Uri endpoint)
    {
        _process = process;
        _data = data;
        // The output is drained, because the server blocks when the pipe is full.
        _output = process.StandardOutput.ReadToEndAsync();
        Endpoint = endpoint;
    }

    public Uri Endpoint { get; }

    /// <param name="script">The script that starts the server.</param>
    /// <param name="folderName">The folder next to the assembly that contains the script and its <c>package.json</c>. One folder per package.</param>
    /// <param name="arguments">The arguments of the script after the data folder. Default: none.</param>
    /// <param name="cancellationToken">Cancels the installation and the start.</param>
    public static async Task<NodeServer> StartAsync(string script, string folderName = "Node", string[]? arguments = null, CancellationToken cancellationToken = default)
    {
        string folder = Path.Combine(AppContext.BaseDirectory, folderName);
        await NodePackages.InstallAsync(folder, cancellationToken);
        DirectoryInfo data = Directory.CreateTempSubdirectory("asset-compute-storage-");
        Process process = Start(folder, "node", [script, data.FullName, .. arguments ?? []]);
        try
        {
            process.ErrorDataReceived += static (_, _) => { };
            process.BeginErrorReadLine();

            // One line contains the port. Azurite writes other lines first.
            while (await process.StandardOutput.ReadLineAsync(cancellationToken) is { } line)
            {
                if (line.StartsWith('{'))
                {
                    JsonNode ready = JsonNode.Parse(line)!;
                    return new NodeServer(process, data, new Uri($"{ready["scheme"]}://127.0.0.1:{ready["port"]}/"));
                }
            }

            throw new InvalidOperationException($"{script} has ended before it listened.");
        }
        catch
        {
            await EndAsync(process);
            data.Delete(recursive: true);
            throw;
        }
    }

    /// <summary>All requests so far, with method, path, query, and headers.</summary>
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

    private static async Task EndAsync(Process process)
    {
        process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync();
        process.Dispose();
    }

    private static Process Start(string folder, string program, string[] arguments) => Process.Start(new ProcessStartInfo(program, arguments)
    {
        WorkingDirectory = folder,
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    })!;
}
