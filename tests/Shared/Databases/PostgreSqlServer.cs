using System.Diagnostics;
using System.Globalization;
using Npgsql;

namespace AssetCompute.Client.Databases;

/// <summary>A PostgreSQL server for one test: a new cluster in a temporary folder, with a Unix socket there, so that it uses no port.</summary>
internal sealed class PostgreSqlServer : IAsyncDisposable
{
    private readonly string _folder;
    private readonly string[] _settings;
    private Process? _process;

    private PostgreSqlServer(string folder, string[] settings)
    {
        _folder = folder;
        _settings = settings;
        ConnectionString = new NpgsqlConnectionStringBuilder { Host = folder, Username = "postgres", Database = "postgres", IncludeErrorDetail = true }.ConnectionString;
    }

    public string ConnectionString { get; }

    private string DataFolder => Path.Combine(_folder, "data");

    private string LogFile => Path.Combine(_folder, "log");

    /// <summary>Creates a cluster and starts it.</summary>
    /// <param name="settings">Settings such as <c>fsync=off</c>, which isn't safe for tests of crashes.</param>
    public static async Task<PostgreSqlServer> StartAsync(params string[] settings)
    {
        // The path of a Unix socket is limited to 107 bytes.
        string folder = Directory.CreateTempSubdirectory("pg-").FullName;
        PostgreSqlServer server = new(folder, settings);
        try
        {
            if (PostgreSqlPrograms.User is { } user)
            {
                await RunAsync("chown", user, folder);
            }

            await RunAsync(PostgreSqlPrograms.Command("initdb", "-D", server.DataFolder, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"));
            await server.StartAsync();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts the server with its existing data, and waits until it accepts connections.</summary>
    public async Task StartAsync()
    {
        string[] settings = [.. _settings.Append("listen_addresses=").Append($"unix_socket_directories={_folder}").Append("max_connections=100").SelectMany(setting => new[] { "-c", setting })];
        while (true)
        {
            ProcessStartInfo start = StartInfo(PostgreSqlPrograms.Command("postgres", ["-D", DataFolder, .. settings]));
            start.RedirectStandardError = true;
            Process process = Process.Start(start)!;
            process.ErrorDataReceived += (_, line) => File.AppendAllText(LogFile, line.Data + "\n");
            process.BeginErrorReadLine();
            _process = process;
            if (await AnswersAsync(process))
            {
                return;
            }

            // Child processes of a killed server hold its shared memory for a short time.
            string log = await File.ReadAllTextAsync(LogFile);
            process.Dispose();
            _process = null;
            if (!log.Contains("still in use", StringComparison.Ordinal) && !log.Contains("already exists", StringComparison.Ordinal))
            {
                throw new InvalidOperationException($"PostgreSQL did not start:\n{log}");
            }

            File.Delete(LogFile);
            await Task.Delay(50);
        }
    }

    /// <summary>Kills the server and all its child processes, like a power failure. Data that is already in the operating system's cache survives.</summary>
    public async Task KillAsync()
    {
        _process!.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
        _process = null;
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            try
            {
                await RunAsync(PostgreSqlPrograms.Command("pg_ctl", "stop", "-D", DataFolder, "-m", "immediate", "-s"));
            }
            catch (InvalidOperationException) when (_process.WaitForExit(TimeSpan.FromSeconds(10)))
            {
                // The server has already stopped: Ctrl+C reaches every program of a terminal.
            }

            await _process.WaitForExitAsync();
            _process.Dispose();
        }

        Directory.Delete(_folder, recursive: true);
    }

    private async Task<bool> AnswersAsync(Process process)
    {
        await using NpgsqlDataSource dataSource = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(ConnectionString) { Pooling = false }.ConnectionString);
        while (!process.HasExited)
        {
            try
            {
                await using NpgsqlConnection connection = await dataSource.OpenConnectionAsync();
                return true;
            }
            catch (NpgsqlException exception) when (exception is not PostgresException || exception.IsTransient || exception.SqlState == PostgresErrorCodes.CannotConnectNow)
            {
                await Task.Delay(20);
            }
        }

        await process.WaitForExitAsync();
        return false;
    }

    private static async Task RunAsync(params string[] command)
    {
        ProcessStartInfo start = StartInfo(command);
        start.RedirectStandardError = true;
        start.RedirectStandardOutput = true;
        using Process process = Process.Start(start)!;
        string[] output = await Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"{string.Join(' ', command)} ended with {process.ExitCode}:\n{string.Concat(output)}"));
        }
    }

    private static ProcessStartInfo StartInfo(string[] command)
    {
        ProcessStartInfo start = new(command[0], command.Skip(1)) { WorkingDirectory = Path.GetTempPath() };
        start.Environment["LC_ALL"] = "C";
        return start;
    }
}
