using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using AssetCompute.Emulator;

namespace AssetCompute.Client.Brokers;

/// <summary>A sample in a separate process, whose output lists the events that it handles.</summary>
internal sealed partial class WorkerProcess : IAsyncDisposable
{
    private readonly string _folder;
    private readonly Process _process;
    private readonly ConcurrentQueue<string> _lines = new();
    private readonly ConcurrentQueue<(string Event, long At)> _handled = new();

    private WorkerProcess(string folder, Process process)
    {
        _folder = folder;
        _process = process;
        process.OutputDataReceived += (_, line) => Keep(line.Data);
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public bool HasExited => _process.HasExited;

    public string Output => string.Join('\n', _lines);

    /// <summary>The types of the handled events, one entry for each time an event is handled.</summary>
    public IEnumerable<string> Handled => _handled.Select(static handled => handled.Event);

    /// <summary>The number of times that events were handled.</summary>
    public int HandledCount => _handled.Count;

    /// <summary>The timestamps at which events were handled.</summary>
    public IEnumerable<long> HandledAt => _handled.Select(static handled => handled.At);

    /// <summary>Peak memory of the process, in MB.</summary>
    public long PeakMegabytes
    {
        get
        {
            _process.Refresh();
            return _process.HasExited ? 0 : _process.PeakWorkingSet64 / 1_000_000;
        }
    }

    /// <summary>The processor time of the process so far.</summary>
    public TimeSpan ProcessorTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>Starts a sample or another program from the same build as these tests.</summary>
    /// <param name="program">The file of the program.</param>
    /// <param name="emulator">The service whose journal the program reads.</param>
    /// <param name="settings">The settings of the program.</param>
    public static WorkerProcess Start(string program, AssetComputeEmulator emulator, params (string Name, string Value)[] settings)
    {
        if (!File.Exists(program))
        {
            throw new FileNotFoundException($"Build the solution first: there is no '{program}'.", program);
        }

        string folder = Directory.CreateTempSubdirectory("worker-").FullName;
        ProcessStartInfo start = new("dotnet", [program]) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder };
        foreach ((string name, string value) in ((string, string)[])[
            ("AssetCompute__Endpoint", emulator.Endpoint.AbsoluteUri),
            ("AssetCompute__ImsEndpoint", emulator.ImsEndpoint.AbsoluteUri),
            ("AssetCompute__OrganizationId", EmulatorClient.WellKnown.OrganizationId),
            ("AssetCompute__ClientId", EmulatorClient.WellKnown.ClientId),
            ("AssetCompute__ClientSecrets__0", EmulatorClient.WellKnown.ClientSecrets[0]),
            ("AssetCompute__Journal__PollInterval", "00:00:00.1"),
            ("AdobeEvents__PublicKeyEndpoint", emulator.Endpoint.AbsoluteUri),
            ("ASPNETCORE_URLS", "http://127.0.0.1:0"),
            ("Logging__LogLevel__Default", "Warning"),
            ("Logging__LogLevel__Microsoft.Hosting.Lifetime", "Information"),
            .. settings])
        {
            start.Environment[name] = value;
        }

        return new WorkerProcess(folder, Process.Start(start)!);
    }

    public async Task SignalAsync(string signal)
    {
        using Process kill = Process.Start("kill", [$"-{signal}", _process.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
    }

    /// <summary>Kills the process like <c>kill -9</c>.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        await _process.WaitForExitAsync(CancellationToken.None);
        if (Directory.Exists(_folder))
        {
            Directory.Delete(_folder, recursive: true);
        }
    }

    private void Keep(string? line)
    {
        if (line is not null)
        {
            _lines.Enqueue(line);
            if (HandledLine().Match(line) is { Success: true } match)
            {
                _handled.Enqueue((match.Groups[1].Value, Stopwatch.GetTimestamp()));
            }
        }
    }

    [GeneratedRegex(@"^(?:created|failed|other) (\S+) \(")]
    private static partial Regex HandledLine();
}
