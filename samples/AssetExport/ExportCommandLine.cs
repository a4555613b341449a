using System.CommandLine;
using System.CommandLine.Invocation;
using AssetCompute.Client;
using Microsoft.Extensions.Options;
using Spectre.Console;

namespace AssetExport;

/// <summary>The program's command line.</summary>
public static class ExportCommandLine
{
    private const int Failed = 1;
    private const int Invalid = 2;

    /// <summary>Runs the program.</summary>
    /// <param name="arguments">The arguments.</param>
    /// <param name="console">The terminal. Default: the terminal of the process.</param>
    /// <param name="cancellationToken">Stops the program, as Ctrl+C does.</param>
    /// <returns>The exit code: 0 for success; 1 for a failure or a finding; 2 for invalid arguments or settings; 130 if the program was stopped.</returns>
    public static async Task<int> RunAsync(string[] arguments, IAnsiConsole? console = null, CancellationToken cancellationToken = default)
    {
        console ??= AnsiConsole.Console;
        if (!console.Profile.Out.IsTerminal && console == AnsiConsole.Console)
        {
            // A file has no window width.
            console.Profile.Width = 240;
        }

        CommandSettings settings = new(console);
        RootCommand root = new("Exports assets from AEM as they are published. Start with 'asset-export init'.")
        {
            InitCommand.Create(settings),
            CheckCommand.Create(settings),
            RunCommand.Create(settings),
            StatusCommand.Create(settings),
            RetryCommand.Create(settings),
            ReconcileCommand.Create(settings),
        };
        ParseResult parsed = root.Parse(arguments);

        // When the application stops, it completes its exports first, within its own time limit.
        InvocationConfiguration invocation = new() { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null };
        try
        {
            int exitCode = await parsed.InvokeAsync(invocation, cancellationToken);

            // Otherwise, a mistyped argument would return 1, the code of a failed check.
            return parsed.Action is ParseErrorAction ? Invalid : exitCode;
        }
        catch (OperationCanceledException)
        {
            return 130;
        }
        catch (Exception exception) when (exception is OptionsValidationException or SettingsException or ArgumentException or InvalidDataException)
        {
            await invocation.Error.WriteLineAsync(exception.Message);
            return Invalid;
        }
        catch (Exception exception) when (exception is AemException or DestinationBusyException or DestinationRefusedException or AssetComputeException or HttpRequestException or IOException or System.Data.Common.DbException)
        {
            await invocation.Error.WriteLineAsync(exception.Message);
            return Failed;
        }
    }
}
