using System.Diagnostics;
using AssetCompute.Client.PostgreSql.Worker;

namespace AssetCompute.Client.PostgreSql.Tests;

/// <summary>One instance, in a process of its own that writes down what it does.</summary>
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
    /// <param name="mode">What it does.</param>
    /// <param name="connectionString">The database.</param>
    /// <param name="schema">The inbox.</param>
    /// <param name="log">The file to write to.</param>
    /// <param name="rest">What its mode asks for.</param>
    public static WorkerProcess Start(string mode, string connectionString, string schema, string log, params string[] rest)
    {
        ProcessStartInfo start = new("dotnet", [typeof(InstanceLog).Assembly.Location, mode, connectionString, schema, log, .. rest]);
        return new WorkerProcess(Process.Start(start)!, log);
    }

    /// <summary>What it did, and to what; whole lines only, since a kill may leave half of one.</summary>
    public ILookup<string, string> Logged() => Read(_log);

    /// <summary>What stands in such a file.</summary>
    public static ILookup<string, string> Read(params IEnumerable<string> logs) => logs
        .Where(File.Exists)
        .SelectMany(log =>
        {
            using StreamReader reader = new(new FileStream(log, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
            return reader.ReadToEnd().Split('\n')[..^1];
        })
        .Select(line => line.Split(' '))
        .ToLookup(parts => parts[0], parts => parts[1]);

    /// <summary>The process stands still for a time, as on a machine that swaps or is moved.</summary>
    public async Task PauseAsync(TimeSpan duration)
    {
        await SignalAsync("STOP");
        await Task.Delay(duration);
        await SignalAsync("CONT");
    }

    /// <summary>As <c>kill -9</c> does.</summary>
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
