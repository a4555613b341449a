using System.CommandLine;
using System.CommandLine.Invocation;
using AssetCompute.Client.Databases;
using Spectre.Console;

namespace AssetExport.Demo;

/// <summary>The program's command line.</summary>
internal static class DemoCommandLine
{
    /// <returns>The exit code: 0 if every asset was exported correctly, 1 if not, 2 for invalid arguments.</returns>
    public static async Task<int> RunAsync(string[] arguments)
    {
        Option<int> assets = new("--assets") { Description = "The number of assets to publish.", DefaultValueFactory = static _ => 200 };
        assets.Validators.Add(result =>
        {
            if (result.GetValue(assets) is < 7 or > 10_000)
            {
                result.AddError("--assets must be 7 to 10000.");
            }
        });
        Option<bool> sqlite = new("--sqlite") { Description = "Use SQLite instead of PostgreSQL." };
        Option<bool> keep = new("--keep") { Description = "Keep everything running at the end, until Ctrl+C." };
        RootCommand root = new("Publishes assets in an emulated AEM, exports them, kills the application in the middle, and reports what arrived.") { assets, sqlite, keep };
        root.SetAction(async (parsed, cancellationToken) =>
        {
            IAnsiConsole console = AnsiConsole.Console;
            if (Console.IsOutputRedirected)
            {
                // A file has no window width and no bold text.
                console.Profile.Width = 240;
                console.Profile.Capabilities.Ansi = false;
            }

            try
            {
                return await RunAsync(console, parsed.GetValue(assets), parsed.GetValue(sqlite), parsed.GetValue(keep), cancellationToken);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                console.WriteLine("Stopped.");
                return 130;
            }
            catch (Exception exception) when (exception is InvalidOperationException or IOException or OperationCanceledException or HttpRequestException)
            {
                console.WriteLine(exception.Message);
                return 1;
            }
        });

        // Ctrl+C first stops everything that was started.
        ParseResult result = root.Parse(arguments);
        int exitCode = await result.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromSeconds(30) });
        return result.Action is ParseErrorAction ? 2 : exitCode;
    }

    private static async Task<int> RunAsync(IAnsiConsole console, int assets, bool onSqlite, bool keep, CancellationToken cancellationToken)
    {
        console.WriteLine("The S3 server and Azurite come from npm. The first installation of each takes up to a minute.");
        await using StorageServers storage = await StorageServers.StartAsync(Starting, cancellationToken);
        await using PostgreSqlServer? postgreSql = onSqlite ? null : await StartAsync("PostgreSQL", static () => PostgreSqlServer.StartAsync());
        await using SftpServer? sftp = IsInstalled(SftpServer.Program) ? await StartAsync("OpenSSH", static () => SftpServer.StartAsync()) : null;
        await using WebDavServer? webDav = IsInstalled(WebDavServer.Program) ? await StartAsync("Apache with WebDAV", WebDavServer.StartAsync) : null;
        Starting("the emulator as AEM, a Marketo test server, and the application");
        await using ExportScene scene = await ExportScene.StartAsync(storage, postgreSql?.ConnectionString, configure: null, cancellationToken);
        if (sftp is not null)
        {
            scene.AddSftp(sftp);
        }

        if (webDav is not null)
        {
            scene.AddWebDav(webDav);
        }

        if (OperatingSystem.IsLinux())
        {
            scene.AddCommand();
        }

        return await new DemoRun(scene, console).RunAsync(assets, keep, cancellationToken);

        void Starting(string what) => console.WriteLine($"Starting {what} …");

        Task<T> StartAsync<T>(string what, Func<Task<T>> start)
        {
            Starting(what);
            return start();
        }

        bool IsInstalled(string program)
        {
            if (!File.Exists(program))
            {
                console.WriteLine($"{program} is missing, so nothing is exported to such a server. The Debian packages openssh-server and apache2 contain these servers.");
            }

            return File.Exists(program);
        }
    }
}
