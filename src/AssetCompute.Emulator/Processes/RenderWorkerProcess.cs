using System.Diagnostics;
using System.Text.Json;

namespace AssetCompute.Emulator;

/// <summary>A running render worker with its own folder. It processes one request at a time.</summary>
internal sealed class RenderWorkerProcess : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("asset-compute-worker-");
    private readonly Process _process;
    private string? _error;

    /// <exception cref="RenditionFailure">No worker can be started on this machine.</exception>
    public RenderWorkerProcess(EmulatorRenderingOptions options)
    {
        try
        {
            _process = Process.Start(RenderWorkerProgram.StartInfo(new RenderLimits(_folder.FullName, options.MaxPixels, options.MaxMemoryBytes)))!;
        }
        catch
        {
            TemporaryFolder.TryDelete(_folder);
            throw;
        }

        // Reads to the end, so that the program never blocks on a full pipe.
        _process.ErrorDataReceived += (_, line) => _error ??= line.Data;
        _process.BeginErrorReadLine();
    }

    public bool IsRunning => !_process.HasExited;

    /// <summary>The exit code and the first line of the error output, after the process was disposed.</summary>
    public string? End { get; private set; }

    /// <summary>Sends a request and waits for its reply.</summary>
    /// <returns>The reply, or <see langword="null"/> if the process ended without one.</returns>
    /// <exception cref="OperationCanceledException">The request was canceled. Dispose the process, because it may be running native code.</exception>
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

    public async ValueTask DisposeAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync(CancellationToken.None).ConfigureAwait(false);
        End = $"exit code {_process.ExitCode}" + (_error is null ? "" : $": {_error.Trim()}");
        _process.Dispose();
        TemporaryFolder.TryDelete(_folder);
    }
}
