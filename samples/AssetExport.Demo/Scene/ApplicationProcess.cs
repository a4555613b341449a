using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;

namespace AssetExport.Demo;

/// <summary>The application as a separate process that can be killed.</summary>
internal sealed class ApplicationProcess : IAsyncDisposable
{
    private static readonly TimeSpan s_pollInterval = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan s_startTimeout = TimeSpan.FromMinutes(5);

    private readonly Lock _logLock = new();
    private readonly Process _process;
    private readonly HttpClient _http;
    private readonly StreamWriter _log;
    private readonly Task _logging;
    private bool _isDisposed;

    private ApplicationProcess(Process process, Uri url, string folder)
    {
        _process = process;
        _http = new HttpClient { BaseAddress = url, Timeout = TimeSpan.FromSeconds(30) };
        LogFile = Path.Combine(folder, $"application-{process.Id}.log");
        _log = new StreamWriter(new FileStream(LogFile, FileMode.Create, FileAccess.Write, FileShare.ReadWrite)) { AutoFlush = true };
        _logging = Task.WhenAll(AppendAsync(process.StandardOutput), AppendAsync(process.StandardError));
    }

    public Uri Url => _http.BaseAddress!;

    /// <summary>The file with the output of the process.</summary>
    public string LogFile { get; }

    /// <summary>The peak memory use of the process in bytes (VmHWM on Linux).</summary>
    public long PeakMemory
    {
        get
        {
            string line = File.ReadLines($"/proc/{_process.Id}/status").First(static line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
            return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], CultureInfo.InvariantCulture) << 10;
        }
    }

    /// <summary>The CPU time that the process has used.</summary>
    public TimeSpan CpuTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>Starts the application.</summary>
    /// <param name="webhookUrl">The URL of its webhook.</param>
    /// <param name="url">The URL of its status page.</param>
    /// <param name="arguments">The other arguments of its command line.</param>
    /// <param name="folder">The folder for its output and temporary files.</param>
    public static ApplicationProcess Start(Uri webhookUrl, Uri url, IEnumerable<string> arguments, string folder) =>
        new(Launch(["run", .. arguments, "--urls", webhookUrl.GetLeftPart(UriPartial.Authority), "--status-url", url.GetLeftPart(UriPartial.Authority)], folder), url, folder);

    /// <summary>Waits until the application responds.</summary>
    /// <exception cref="InvalidOperationException">The application exited, or did not respond in time. The message contains the end of its output.</exception>
    public async Task WaitUntilReadyAsync(CancellationToken cancellationToken)
    {
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(s_startTimeout);
        try
        {
            await WaitAsync(static _ => true, limit.Token);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new InvalidOperationException($"The application does not answer at {Url}. {exception.Message}", exception);
        }
    }

    /// <summary>Waits until the status satisfies a condition.</summary>
    /// <returns>The status.</returns>
    /// <exception cref="InvalidOperationException">The application has exited. The message contains the end of its output.</exception>
    public async Task<JsonNode> WaitAsync(Func<JsonNode, bool> condition, CancellationToken cancellationToken)
    {
        JsonNode? status = null;
        try
        {
            while (true)
            {
                if (_process.HasExited)
                {
                    await _logging;
                    throw new InvalidOperationException($"The application ended with {_process.ExitCode}:\n{LogTail()}");
                }

                status = await TryReadStatusAsync(cancellationToken) ?? status;
                if (status is not null && condition(status))
                {
                    return status;
                }

                await Task.Delay(s_pollInterval, cancellationToken);
            }
        }
        catch (OperationCanceledException exception) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException($"The last status was {status?["totals"]?.ToJsonString()}, inbox {status?["inbox"]?.ToJsonString()}; the log ends with:\n{LogTail()}", exception, cancellationToken);
        }
    }

    /// <summary>Kills the application, as <c>kill -9</c> does.</summary>
    public async Task KillAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        await _process.WaitForExitAsync();
        await _logging;
    }

    /// <summary>Stops the application, as <c>kill</c> does. It completes the exports in progress.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> StopAsync(CancellationToken cancellationToken)
    {
        using Process kill = Process.Start("kill", ["-s", "TERM", _process.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync(cancellationToken);
        await _process.WaitForExitAsync(cancellationToken);
        await _logging;
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        await KillAsync();
        _process.Dispose();
        await _log.DisposeAsync();
        _http.Dispose();
    }

    /// <summary>Starts a process. A killed process leaves temporary files behind, so its folder is removed at the end.</summary>
    private static Process Launch(IEnumerable<string> arguments, string folder) => Process.Start(new ProcessStartInfo("dotnet", [typeof(ExportApplication).Assembly.Location, .. arguments])
    {
        Environment = { ["TMPDIR"] = folder },
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    })!;

    private async Task<JsonNode?> TryReadStatusAsync(CancellationToken cancellationToken)
    {
        try
        {
            return JsonNode.Parse(await _http.GetStringAsync("/status.json", cancellationToken));
        }
        catch (HttpRequestException exception) when (exception.StatusCode is null)
        {
            // The application is starting, or has been killed in the meantime.
            return null;
        }
        catch (HttpRequestException exception)
        {
            throw new InvalidOperationException($"The application returned no status ({exception.StatusCode}):\n{LogTail()}", exception);
        }
    }

    private async Task AppendAsync(StreamReader output)
    {
        while (await output.ReadLineAsync() is { } line)
        {
            lock (_logLock)
            {
                _log.WriteLine(line);
            }
        }
    }

    private string LogTail()
    {
        lock (_logLock)
        {
            return string.Join('\n', File.ReadLines(LogFile).TakeLast(40));
        }
    }
}
