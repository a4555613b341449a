using System.CommandLine;
using System.CommandLine.Invocation;

namespace AssetExport;

/// <summary>The program's command line: the application itself, and the comparison of AEM with the destinations.</summary>
public static class ExportCommandLine
{
    /// <summary>Runs the program.</summary>
    /// <param name="arguments">The arguments.</param>
    /// <returns>The exit code: 0; 1 where it failed, or the comparison found differences; 2 where the arguments or the settings make no sense.</returns>
    public static async Task<int> RunAsync(string[] arguments)
    {
        Option<ExportMode?> mode = new("--mode") { Description = "realtime: webhook; batch: journal; both. Default: both.", Recursive = true };
        Option<string?> database = new("--database") { Description = "A file for SQLite, or a connection string of PostgreSQL (Host=…). Default: export.db.", Recursive = true };
        Option<string?> urls = new("--urls") { Description = "Where to listen. Default: http://127.0.0.1:5080.", Recursive = true };
        Option<FileInfo> config = new Option<FileInfo>("--config") { Description = "A JSON file of settings, over appsettings.json and under the environment.", Recursive = true }.AcceptExistingOnly();
        RootCommand root = new("Exports assets from AEM as they are published.") { mode, database, urls, config };
        root.SetAction((parsed, cancellationToken) => RunCheckedAsync(() => ServeAsync(ReadArguments(parsed), cancellationToken)));

        Option<string> folder = new("--folder") { Description = "The folder of AEM.", DefaultValueFactory = static _ => AssetPath.Root };
        Option<bool> repair = new("--repair") { Description = "Have what is missing, different or failed exported again by the running application; not what was changed since it was published." };
        Command reconcile = new("reconcile", "Compares AEM with the destinations.") { folder, repair };
        reconcile.SetAction((parsed, cancellationToken) => RunCheckedAsync(() => ReconcileAsync(ReadArguments(parsed), parsed.GetValue(folder)!, parsed.GetValue(repair), cancellationToken)));
        root.Add(reconcile);

        // A mistyped argument would end with 1 otherwise, as a comparison that has found something.
        ParseResult result = root.Parse(arguments);
        int exitCode = await result.InvokeAsync();
        return result.Action is ParseErrorAction ? 2 : exitCode;

        ExportArguments ReadArguments(ParseResult parsed) => new()
        {
            Mode = parsed.GetValue(mode),
            Database = parsed.GetValue(database),
            Urls = parsed.GetValue(urls),
            ConfigurationFile = parsed.GetValue(config)?.FullName,
        };
    }

    private static async Task<int> ServeAsync(ExportArguments arguments, CancellationToken cancellationToken)
    {
        await using WebApplication app = ExportApplication.Create(arguments);
        await app.RunAsync(cancellationToken);
        return Environment.ExitCode;
    }

    private static async Task<int> ReconcileAsync(ExportArguments arguments, string folder, bool repair, CancellationToken cancellationToken)
    {
        await using WebApplication app = ExportApplication.Create(arguments);
        Reconciliation reconciliation = app.Services.GetRequiredService<Reconciliation>();
        ReconciliationResult result = await reconciliation.RunAsync(folder, repair, cancellationToken);
        ReconciliationTable.Write(Spectre.Console.AnsiConsole.Console, result);
        return result.IsClean ? 0 : 1;
    }

    private static async Task<int> RunCheckedAsync(Func<Task<int>> run)
    {
        try
        {
            return await run();
        }
        catch (Exception exception) when (exception is Microsoft.Extensions.Options.OptionsValidationException or SettingsException or ArgumentException or InvalidDataException)
        {
            await Console.Error.WriteLineAsync(exception.Message);
            return 2;
        }
        catch (Exception exception) when (exception is AemException or DestinationBusyException or DestinationRefusedException or AssetCompute.Client.AssetComputeException or HttpRequestException or IOException or System.Data.Common.DbException)
        {
            await Console.Error.WriteLineAsync(exception.Message);
            return 1;
        }
    }
}
