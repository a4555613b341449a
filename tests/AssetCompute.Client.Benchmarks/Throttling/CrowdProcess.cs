using System.Diagnostics;
using System.Globalization;

namespace AssetCompute.Client.Benchmarks.Throttling;

/// <summary>A crowd in a process of its own, with this client or with Adobe's.</summary>
internal sealed class CrowdProcess : IDisposable
{
    private readonly Process _process;

    private CrowdProcess(Process process) => _process = process;

    /// <summary>Starts the crowd, which is ready then.</summary>
    /// <param name="endpoint">The service.</param>
    /// <param name="row">How many calls by how many callers.</param>
    /// <param name="nodeFolder">Where Adobe's client is installed; null for this client.</param>
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
            // It writes a line for each of its waits.
            _ = process.StandardError.BaseStream.CopyToAsync(Stream.Null);
        }

        return await crowd.ReadLineAsync(CancellationToken.None) == "ready" ? crowd : throw new InvalidOperationException($"{start.FileName} was not ready.");
    }

    /// <summary>Lets the crowd run; null when it was not done in time, and is stopped.</summary>
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

    /// <summary>The next line that is ours: the clients write lines of their own.</summary>
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
