using System.Runtime.InteropServices;
using AssetCompute.Client;
using Microsoft.Extensions.Options;
using Quickstart;
using Spectre.Console;

const int Failed = 1;
const int Misused = 2;
const int Cancelled = 130;

IAnsiConsole console = AnsiConsole.Console;
if (Console.IsOutputRedirected)
{
    // A file or a log has no colors and no window width.
    console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, Interactive = InteractionSupport.No });
    console.Profile.Width = 160;
}

using CancellationTokenSource cancellation = new();
Action<PosixSignalContext> cancel = signal =>
{
    signal.Cancel = true;
    cancellation.Cancel();
};
using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, cancel);
using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, cancel);

try
{
    CommandLine commandLine = CommandLine.Parse(args);
    if (commandLine.AsksForHelp)
    {
        Console.WriteLine(CommandLine.Usage);
        return 0;
    }

    if (commandLine.Account is var (source, target))
    {
        return await RealAccount.RunAsync(source, target, cancellation.Token) ? 0 : Failed;
    }

    Photograph photograph = await Photograph.LoadAsync(commandLine.PhotographPath, cancellation.Token);
    OutputFolder.Prepare(commandLine.OutputFolder);
    QuickstartResult result = await QuickstartJob.RunAsync(photograph, new ProgressView(console), cancellation.Token);
    OutputFolder.Save(commandLine.OutputFolder, result);

    ResultTable.Write(console, result);
    Console.WriteLine($"Files: {commandLine.OutputFolder}");
    Console.WriteLine($"Page:  {new Uri(Path.Combine(commandLine.OutputFolder, OutputFolder.PageName))}");
    return result.Succeeded ? 0 : Failed;
}
catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
{
    Console.Error.WriteLine("Canceled.");
    return Cancelled;
}
catch (UserError error)
{
    Console.Error.WriteLine(error.Message);
    return Misused;
}
catch (Exception exception) when (exception is AssetComputeException or InvalidProcessRequestException
    or RenditionJobTimeoutException or OptionsValidationException or HttpRequestException)
{
    Console.Error.WriteLine(exception.Message);
    return Failed;
}
