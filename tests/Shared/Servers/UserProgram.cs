using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace AssetExport.Demo;

/// <summary>
/// A server program that runs as a normal user: the current user, or <c>nobody</c> if the current user is root. Its files are in a separate temporary
/// folder.
/// </summary>
internal sealed class UserProgram : IAsyncDisposable
{
    private const string Nobody = "65534";

    private readonly StringBuilder _log = new();
    private readonly string[] _command;
    private Process? _process;

    /// <param name="folder">The folder that the server can write to.</param>
    /// <param name="port">The port that the server listens on.</param>
    /// <param name="command">The program and its arguments.</param>
    public UserProgram(string folder, int port, params string[] command)
    {
        Folder = folder;
        Port = port;
        _command = command;
    }

    public string Folder { get; }

    public int Port { get; }

    /// <summary>Whether the server runs as the current user even if that is root. Default: no.</summary>
    public bool IsPrivileged { get; init; }

    /// <summary>The name of the user.</summary>
    public static string User => Environment.UserName == "root" ? "nobody" : Environment.UserName;

    /// <summary>Creates a folder that other users can read.</summary>
    public static string CreateFolder(string prefix)
    {
        string folder = Directory.CreateTempSubdirectory(prefix).FullName;
        SetMode(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
            | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);
        return folder;
    }

    /// <summary>Sets the permissions of a file or folder.</summary>
    public static void SetMode(string path, UnixFileMode mode)
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, mode);
        }
    }

    /// <summary>An unused port on the loopback interface.</summary>
    public static int FreePort()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Changes the owner of a folder and its contents to the user.</summary>
    public static async Task OwnAsync(string path)
    {
        if (Environment.UserName == "root")
        {
            await RunAsync("chown", "-R", $"{Nobody}:{Nobody}", path);
        }
    }

    /// <summary>Runs a program to completion.</summary>
    /// <returns>The standard output.</returns>
    public static async Task<string> RunAsync(string program, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true })!;
        process.StandardInput.Close();
        string[] output = await Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{program} ended with {process.ExitCode}: {string.Concat(output)}");
        }

        return output[0];
    }

    /// <summary>Starts the server, and waits until it listens.</summary>
    public async Task StartAsync()
    {
        string[] command = Environment.UserName == "root" && !IsPrivileged ? ["setpriv", "--reuid", Nobody, "--regid", Nobody, "--clear-groups", .. _command] : _command;
        _process = Process.Start(new ProcessStartInfo(command[0], command[1..]) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true })!;
        _process.OutputDataReceived += Keep;
        _process.ErrorDataReceived += Keep;
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        while (true)
        {
            using TcpClient client = new();
            try
            {
                await client.ConnectAsync(IPAddress.Loopback, Port);
                return;
            }
            catch (SocketException) when (!_process.HasExited)
            {
                await Task.Delay(20);
            }
            catch (SocketException exception)
            {
                throw new InvalidOperationException($"{_command[0]} did not start:\n{Log()}", exception);
            }
        }

        void Keep(object sender, DataReceivedEventArgs line)
        {
            lock (_log)
            {
                _log.AppendLine(line.Data);
            }
        }
    }

    /// <summary>Kills the server with all its sessions.</summary>
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

    /// <summary>Pauses all processes of the server (STOP), or resumes them (CONT).</summary>
    public async Task SignalAsync(string signal)
    {
        foreach (int id in Descendants(_process!.Id))
        {
            await RunAsync("kill", $"-{signal}", id.ToString(CultureInfo.InvariantCulture));
        }
    }

    public string Log()
    {
        lock (_log)
        {
            return _log.ToString();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        Directory.Delete(Folder, recursive: true);
    }

    private static List<int> Descendants(int id) =>
        [id, .. Directory.EnumerateDirectories($"/proc/{id}/task").SelectMany(static task => File.ReadAllText(Path.Combine(task, "children")).Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .SelectMany(static child => Descendants(int.Parse(child, CultureInfo.InvariantCulture)))];
}
