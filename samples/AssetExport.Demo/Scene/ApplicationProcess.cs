using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;

namespace AssetExport.Demo;

/// <summary>The application as a process of its own, which can be killed.</summary>
internal sealed class ApplicationProcess : IAsyncDisposable
{
    private static readonly TimeSpan s_pollInterval = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan s_startTimeout = TimeSpan.FromMinutes(5);

    private readonly Lock _logLock = new();
    private readonly Process _process;
    private readonly HttpClient _http;
    private readonly string _log;
    private readonly Task _logging;
    private bool _isDisposed;

    private ApplicationProcess(Process process, Uri url, string log)
    {
        _process = process;
        _http = new HttpClient { BaseAddress = url, Timeout = TimeSpan.FromSeconds(30) };
        _log = log;
        _logging = Task.WhenAll(AppendAsync(process.StandardOutput), AppendAsync(process.StandardError));
    }

    public Uri Url => _http.BaseAddress!;

    /// <summary>The most memory that the process has had so far, in bytes (Linux's VmHWM).</summary>
    public long PeakMemory
    {
        get
        {
            string line = File.ReadLines($"/proc/{_process.Id}/status").First(static line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
            return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], CultureInfo.InvariantCulture) << 10;
        }
    }

    /// <summary>Starts it.</summary>
    /// <param name="webhookUrl">Where its webhook listens.</param>
    /// <param name="url">Where its status page listens.</param>
    /// <param name="arguments">Its command line, but for that.</param>
    /// <param name="folder">Where it leaves what it writes, and everything temporary.</param>
    public static ApplicationProcess Start(Uri webhookUrl, Uri url, IEnumerable<string> arguments, string folder) =>
        new(Launch(["run", .. arguments, "--urls", webhookUrl.GetLeftPart(UriPartial.Authority), "--status-url", url.GetLeftPart(UriPartial.Authority)], folder), url, Path.Combine(folder, "application.log"));

    /// <summary>Runs a command of it to its end.</summary>
    public static async Task<(int ExitCode, string Output)> RunAsync(IEnumerable<string> arguments, string folder, CancellationToken cancellationToken)
    {
        using Process process = Launch(arguments, folder);
        try
        {
            string[] output = await Task.WhenAll(process.StandardOutput.ReadToEndAsync(cancellationToken), process.StandardError.ReadToEndAsync(cancellationToken));
            await process.WaitForExitAsync(cancellationToken);
            return (process.ExitCode, string.Concat(output));
        }
        finally
        {
            process.Kill();
            await process.WaitForExitAsync(CancellationToken.None);
        }
    }

    /// <summary>Waits until it answers.</summary>
    /// <exception cref="InvalidOperationException">It has ended, or does not answer in five minutes; the message has the end of what it wrote.</exception>
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

    /// <summary>Waits until its status is as it should be.</summary>
    /// <returns>The status.</returns>
    /// <exception cref="InvalidOperationException">It has ended; the message has the end of what it wrote.</exception>
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

    /// <summary>As <c>kill -9</c> does.</summary>
    public async Task KillAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        await _process.WaitForExitAsync();
        await _logging;
    }

    /// <summary>As <c>kill</c> does: it ends what is under way.</summary>
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
        _http.Dispose();
    }

    /// <summary>A process that is killed leaves temporary files behind; its folder is removed in the end.</summary>
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
            // It is starting, or was killed meanwhile.
            return null;
        }
        catch (HttpRequestException exception)
        {
            throw new InvalidOperationException($"The application cannot say how it stands ({exception.StatusCode}):\n{LogTail()}", exception);
        }
    }

    private async Task AppendAsync(StreamReader output)
    {
        while (await output.ReadLineAsync() is { } line)
        {
            lock (_logLock)
            {
                File.AppendAllText(_log, line + "\n");
            }
        }
    }

    private string LogTail()
    {
        lock (_logLock)
        {
            return File.Exists(_log) ? string.Join('\n', File.ReadLines(_log).TakeLast(40)) : "";
        }
    }
}
