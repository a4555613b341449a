using System.Diagnostics;
using AssetCompute.Client.PostgreSql.Worker;

namespace AssetCompute.Client.PostgreSql.Tests;

/// <summary>An instance in its own process, which logs its actions.</summary>
internal sealed class WorkerProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly string _log;
    private bool _disposed;

    private WorkerProcess(Process process, string log)
    {
        _process = process;
        _log = log;
    }

    public bool HasExited => _process.HasExited;

    /// <summary>Starts an instance.</summary>
    /// <param name="mode">The mode of the instance.</param>
    /// <param name="connectionString">The connection string of the database.</param>
    /// <param name="schema">The schema of the inbox.</param>
    /// <param name="log">The path of the log file.</param>
    /// <param name="rest">The other arguments of the mode.</param>
    public static WorkerProcess Start(string mode, string connectionString, string schema, string log, params string[] rest)
    {
        ProcessStartInfo start = new("dotnet", [typeof(InstanceLog).Assembly.Location, mode, connectionString, schema, log, .. rest]);
        return new WorkerProcess(Process.Start(start)!, log);
    }

    /// <summary>The logged actions and their subjects. Only whole lines count, because a kill can leave an incomplete line.</summary>
    public ILookup<string, string> Logged() => Read(_log);

    /// <summary>Reads log files.</summary>
    public static ILookup<string, string> Read(params IEnumerable<string> logs) => logs
        .Where(File.Exists)
        .SelectMany(log =>
        {
            using StreamReader reader = new(new FileStream(log, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
            return reader.ReadToEnd().Split('\n')[..^1];
        })
        .Select(line => line.Split(' '))
        .ToLookup(parts => parts[0], parts => parts[1]);

    /// <summary>Suspends the process for a time, as on a machine that swaps or migrates.</summary>
    public async Task PauseAsync(TimeSpan duration)
    {
        await SignalAsync("STOP");
        await Task.Delay(duration);
        await SignalAsync("CONT");
    }

    /// <summary>Kills the process, as <c>kill -9</c> does.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        await _process.WaitForExitAsync(CancellationToken.None);
        _process.Dispose();
    }

    private async Task SignalAsync(string signal)
    {
        using Process kill = Process.Start("kill", ["-s", signal, $"{_process.Id}"]);
        await kill.WaitForExitAsync();
    }
}
