using System.Diagnostics;
using System.Globalization;

namespace AssetCompute.Client.Benchmarks.Throttling;

/// <summary>A crowd in a separate process, with this client or with Adobe's client.</summary>
internal sealed class CrowdProcess : IDisposable
{
    private readonly Process _process;

    private CrowdProcess(Process process) => _process = process;

    /// <summary>Starts the crowd, and waits until it is ready.</summary>
    /// <param name="endpoint">The service.</param>
    /// <param name="row">The number of calls and callers.</param>
    /// <param name="nodeFolder">The folder of Adobe's client, or null for this client.</param>
    /// <param name="throttles">Whether this client throttles itself.</param>
    public static async Task<CrowdProcess> StartAsync(Uri endpoint, ThrottlingRow row, string? nodeFolder, bool throttles)
    {
        ProcessStartInfo start = new(nodeFolder is null ? Environment.ProcessPath! : "node") { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        if (nodeFolder is null)
        {
            start.ArgumentList.Add(typeof(CrowdProcess).Assembly.Location);
            start.ArgumentList.Add("crowd");
        }
        else
        {
            start.WorkingDirectory = nodeFolder;
            start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "Throttling", "adobe-client.cjs"));
        }

        start.ArgumentList.Add(endpoint.GetLeftPart(UriPartial.Authority));
        start.ArgumentList.Add(row.Calls.ToString(CultureInfo.InvariantCulture));
        start.ArgumentList.Add(row.Callers.ToString(CultureInfo.InvariantCulture));
        if (!throttles)
        {
            start.ArgumentList.Add("--no-throttle");
        }

        Process process = Process.Start(start) ?? throw new InvalidOperationException($"{start.FileName} did not start.");
        CrowdProcess crowd = new(process);
        if (nodeFolder is null)
        {
            process.ErrorDataReceived += (_, line) => Console.Error.WriteLine(line.Data);
            process.BeginErrorReadLine();
        }
        else
        {
            // Adobe's client writes a line for each wait, so standard error is drained.
            _ = process.StandardError.BaseStream.CopyToAsync(Stream.Null);
        }

        return await crowd.ReadLineAsync(CancellationToken.None) == "ready" ? crowd : throw new InvalidOperationException($"{start.FileName} was not ready.");
    }

    /// <summary>Runs the crowd. Returns null if it exceeds the limit.</summary>
    public async Task<CrowdResult?> RunAsync(TimeSpan? limit)
    {
        using CancellationTokenSource timeout = new(limit ?? Timeout.InfiniteTimeSpan);
        await _process.StandardInput.WriteLineAsync("go");
        await _process.StandardInput.FlushAsync(CancellationToken.None);
        try
        {
            return CrowdResult.Parse(await ReadLineAsync(timeout.Token));
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
    }

    /// <summary>The next line of the benchmark. Skips the lines that the clients write.</summary>
    private async Task<string> ReadLineAsync(CancellationToken cancellationToken)
    {
        while (await _process.StandardOutput.ReadLineAsync(cancellationToken) is { } line)
        {
            if (line is "ready" or ['{', ..])
            {
                return line;
            }
        }

        throw new InvalidOperationException("The crowd has ended without a result.");
    }
}
