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
    /// <param name="console">The terminal. Default: that of the process.</param>
    /// <param name="cancellationToken">Ends it, as Ctrl+C does.</param>
    /// <returns>The exit code: 0; 1 if it failed, or found something wrong; 2 if the arguments or the settings are invalid; 130 if it was stopped.</returns>
    public static async Task<int> RunAsync(string[] arguments, IAnsiConsole? console = null, CancellationToken cancellationToken = default)
    {
        console ??= AnsiConsole.Console;
        if (!console.Profile.Out.IsTerminal && console == AnsiConsole.Console)
        {
            // A file has no window that limits its width.
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

        // An application that stops ends its exports first; it has a limit of its own.
        InvocationConfiguration invocation = new() { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null };
        try
        {
            int exitCode = await parsed.InvokeAsync(invocation, cancellationToken);

            // A mistyped argument would end with 1 otherwise, as a check that failed.
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
