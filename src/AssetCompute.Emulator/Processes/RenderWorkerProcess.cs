using System.Diagnostics;
using System.Text;
using System.Text.Json;
using AssetCompute.Emulator.Rendering;

namespace AssetCompute.Emulator;

/// <summary>A running render worker with its own folder. It processes one request at a time.</summary>
internal sealed class RenderWorkerProcess : IAsyncDisposable
{
    /// <summary>The maximum length of a worker's error output that is kept.</summary>
    private const int MaxErrors = 16 * 1024;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("asset-compute-worker-");
    private readonly Process _process;
    private readonly Task<string> _errors;

    /// <exception cref="RenditionFailure">No worker can be started on this machine.</exception>
    public RenderWorkerProcess(EmulatorRenderingOptions options)
    {
        try
        {
            var start = RenderWorkerProgram.StartInfo(new RenderLimits(_folder.FullName, options.MaxPixels, options.MaxMemoryBytes));
            _process = Process.Start(start)!;
        }
        catch
        {
            TemporaryFolder.TryDelete(_folder);
            throw;
        }

        _errors = ReadAsync(_process.StandardError);
    }

    public bool IsRunning => !_process.HasExited;

    /// <summary>Sends a request and waits for its reply.</summary>
    /// <returns>The reply, or <see langword="null"/> if the process ended without one.</returns>
    /// <exception cref="OperationCanceledException">The request was cancelled. Dispose the process, because it may be running native code.</exception>
    public async Task<RenderReply?> AskAsync(RenderRequest request, CancellationToken cancellationToken)
    {
        try
        {
            await _process.StandardInput.WriteLineAsync(JsonSerializer.Serialize(request, RenderJson.Default.RenderRequest).AsMemory(), cancellationToken).ConfigureAwait(false);
            await _process.StandardInput.FlushAsync(cancellationToken).ConfigureAwait(false);
            while (await _process.StandardOutput.ReadLineAsync(cancellationToken).ConfigureAwait(false) is { } line)
            {
                // Native libraries print their own messages.
                if (line.StartsWith('{'))
                {
                    return JsonSerializer.Deserialize(line, RenderJson.Default.RenderReply);
                }
            }

            return null;
        }
        catch (Exception exception) when (exception is IOException or JsonException)
        {
            return null;
        }
    }

    /// <summary>Kills the process. Returns its exit code and the first line of its error output.</summary>
    public async Task<string> EndAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync(CancellationToken.None).ConfigureAwait(false);
        var errors = await _errors.ConfigureAwait(false);
        return $"exit code {_process.ExitCode}" + (errors.Length == 0 ? "" : $": {errors.Split('\n')[0].Trim()}");
    }

    /// <summary>Reads to the end, so that the program never blocks on a full pipe, and keeps the start.</summary>
    private static async Task<string> ReadAsync(StreamReader reader)
    {
        var kept = new StringBuilder();
        var buffer = new char[4096];
        int read;
        while ((read = await reader.ReadAsync(buffer, CancellationToken.None).ConfigureAwait(false)) > 0)
        {
            kept.Append(buffer, 0, Math.Min(read, MaxErrors - kept.Length));
        }

        return kept.ToString();
    }

    public async ValueTask DisposeAsync()
    {
        await EndAsync().ConfigureAwait(false);
        _process.Dispose();
        TemporaryFolder.TryDelete(_folder);
    }
}
