using System.CommandLine;
using AssetCompute.Client;
using Spectre.Console;

namespace FolderRenditions;

/// <summary>The command line: what is asked for, and what the exit code says.</summary>
internal static class FolderCommand
{
    private const int SomeFailed = 1;
    private const int Cancelled = 130;

    private static readonly Argument<DirectoryInfo> s_folder =
        new Argument<DirectoryInfo>("folder") { Description = "The folder of photographs, with its subfolders." }.AcceptExistingOnly();

    private static readonly Option<DirectoryInfo> s_output = new("--output")
    {
        Description = "Where the renditions go; the subfolders are kept.",
        DefaultValueFactory = _ => new DirectoryInfo("renditions"),
    };

    private static readonly Option<int> s_parallel = new("--parallel")
    {
        Description = "How many photographs are under way at once, 1 to 256.",
        DefaultValueFactory = _ => 4,
    };

    private static readonly Option<Uri?> s_emulator = new("--emulator")
    {
        Description = "An emulator that runs already, such as http://127.0.0.1:8080. Without it one is started for the run.",
        CustomParser = result =>
        {
            if (Uri.TryCreate(result.Tokens[0].Value, UriKind.Absolute, out Uri? url))
            {
                return url;
            }

            result.AddError($"'{result.Tokens[0].Value}' is no URL.");
            return null;
        },
    };

    public static Task<int> RunAsync(string[] arguments)
    {
        RootCommand command = new("Makes renditions of every photograph in a folder. Started again, it goes on where it stopped.") { s_folder, s_output, s_parallel, s_emulator };
        s_parallel.Validators.Add(result =>
        {
            if (result.Errors.Any() || result.GetValueOrDefault<int>() is < 1 or > 256)
            {
                result.AddError("--parallel must be 1 to 256.");
            }
        });
        command.SetAction(RunAsync);

        // At Ctrl+C what was uploaded is removed from the storage before the program ends.
        return command.Parse(arguments).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromSeconds(30) });
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        string folder = parsed.GetRequiredValue(s_folder).FullName;
        string output = parsed.GetRequiredValue(s_output).FullName;
        if (FolderPlan.IsWithin(folder, output))
        {
            await Console.Error.WriteLineAsync($"--output must be another folder than that of the photographs, and none above it: '{output}' would be skipped with all that is in it.");
            return SomeFailed;
        }

        FolderPlan plan;
        try
        {
            plan = FolderPlan.Make(folder, output);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync($"The folders cannot be used: {exception.Message}");
            return SomeFailed;
        }

        IAnsiConsole console = ConsoleOf();
        if (plan.Open.Count > 0)
        {
            console.MarkupLineInterpolated($"[grey]{plan.Open.Count} of {plan.Photographs} photographs to do, {plan.Done} renditions are there already.[/]");
        }

        FolderSummary summary = new(plan);
        try
        {
            await using RenditionService service = await RenditionService.StartAsync(parsed.GetValue(s_emulator), cancellationToken);
            await new ProgressView(console).ShowAsync(plan, progress => FolderJob.RunAsync(service.Renderer, plan, parsed.GetValue(s_parallel), summary, progress, cancellationToken));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            summary.Write(console);
            console.MarkupLine("[yellow]Cancelled.[/] Start it again to go on.");
            return Cancelled;
        }
        catch (Exception exception) when (exception is AssetComputeException or AssetStorageException or HttpRequestException)
        {
            summary.Write(console);
            await Console.Error.WriteLineAsync(exception.Message);
            return SomeFailed;
        }

        summary.Write(console);
        return summary.Failures == 0 ? 0 : SomeFailed;
    }

    /// <summary>A file or a log has no colours, and no window that limits its width.</summary>
    private static IAnsiConsole ConsoleOf()
    {
        if (!Console.IsOutputRedirected)
        {
            return AnsiConsole.Console;
        }

        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, Interactive = InteractionSupport.No });
        console.Profile.Width = 160;
        return console;
    }
}
