using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace AssetCompute.Client.Brokers;

/// <summary>A server for one test, on separate ports, which is killed together with its child processes.</summary>
internal abstract class ServerProcess : IAsyncDisposable
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(5);
    private Process? _process;

    protected ServerProcess() => Log = Path.Combine(Folder, "log");

    /// <summary>The folder of the server's data, which persists across restarts.</summary>
    protected string Folder { get; } = Directory.CreateTempSubdirectory("broker-").FullName;

    private string Log { get; }

    protected abstract int Port { get; }

    /// <summary>Starts the server with its existing data, and waits until the port accepts connections.</summary>
    public async Task StartAsync()
    {
        ProcessStartInfo start = Command();
        (start.RedirectStandardOutput, start.RedirectStandardError) = (true, true);
        Process process = Process.Start(start)!;
        process.OutputDataReceived += Append;
        process.ErrorDataReceived += Append;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        _process = process;
        long began = Stopwatch.GetTimestamp();
        while (!await AnswersAsync())
        {
            if (process.HasExited || Stopwatch.GetElapsedTime(began) > s_limit)
            {
                throw new InvalidOperationException($"{start.FileName} did not start:\n{(File.Exists(Log) ? await File.ReadAllTextAsync(Log) : "")}");
            }

            await Task.Delay(50);
        }
    }

    /// <summary>Kills the server like <c>kill -9</c>.</summary>
    public async Task KillAsync()
    {
        if (_process is not null)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
            _process.Dispose();
            _process = null;
        }
    }

    public virtual async ValueTask DisposeAsync()
    {
        await KillAsync();
        Directory.Delete(Folder, recursive: true);
    }

    protected abstract ProcessStartInfo Command();

    protected static int FreePort()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    protected virtual async Task<bool> AnswersAsync()
    {
        try
        {
            using TcpClient client = new();
            await client.ConnectAsync(IPAddress.Loopback, Port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private void Append(object sender, DataReceivedEventArgs line)
    {
        lock (Folder)
        {
            if (line.Data is not null && Directory.Exists(Folder))
            {
                File.AppendAllText(Log, line.Data + "\n");
            }
        }
    }
}
