using System.CommandLine;
using AssetCompute.Client;
using Spectre.Console;

namespace FolderRenditions;

/// <summary>The command line: its arguments and its exit code.</summary>
internal static class FolderCommand
{
    private const int SomeFailed = 1;
    private const int WrongArguments = 2;
    private const int SomeLeft = 3;
    private const int Cancelled = 130;

    private static readonly Argument<DirectoryInfo> s_folder =
        new Argument<DirectoryInfo>("folder") { Description = "The folder of photographs, with its subfolders." }.AcceptExistingOnly();

    private static readonly Option<DirectoryInfo> s_out = new("--out")
    {
        Description = "Where the renditions go. The subfolders are kept.",
        DefaultValueFactory = _ => new DirectoryInfo("renditions"),
    };

    private static readonly Option<FileRendition[]> s_renditions = new("--rendition")
    {
        Description = "What to make of each photograph, such as name=web.jpg,width=1280. A * in the name stands for the photograph's name. You can repeat the option.",
        CustomParser = RenditionArgument.Parse,
        DefaultValueFactory = _ =>
        [
            new FileRendition("thumbnail.png", new Rendition { Width = 140, Height = 100 }),
            new FileRendition("web.jpg", new Rendition { Width = 1280, Height = 1280, Quality = 85, Interlace = true }),
            new FileRendition("web.webp", new Rendition { Width = 1280, Height = 1280, Quality = 80 }),
        ],
    };

    private static readonly Option<string[]> s_include = new("--include")
    {
        Description = "The files to render, such as **/*.psd. Use ! before a pattern to exclude files. You can repeat the option.",
        DefaultValueFactory = _ => [.. from extension in new[] { "jpg", "jpeg", "png", "gif", "tif", "tiff", "webp", "bmp" } select $"**/*.{extension}"],
    };

    private static readonly Option<int> s_parallel = new("--parallel") { Description = "How many photographs are rendered at a time, 1 to 256.", DefaultValueFactory = _ => 4 };

    private static readonly Option<int?> s_max = new("--max") { Description = "The maximum number of photographs to send: Adobe bills for each. Default: all." };

    private static readonly Option<bool> s_dryRun = new("--dry-run") { Description = "Shows what would be sent, and sends nothing." };

    private static readonly Option<FileInfo?> s_failures = new("--failures") { Description = "The CSV file for what failed. Default: failures.csv in the output folder." };

    private static readonly Option<Uri?> s_emulator = new("--emulator")
    {
        Description = "An emulator that is running, such as http://127.0.0.1:8080. Default: one is started for the run.",
        CustomParser = static result =>
        {
            if (Uri.TryCreate(result.Tokens[0].Value, UriKind.Absolute, out Uri? url))
            {
                return url;
            }

            result.AddError($"'{result.Tokens[0].Value}' is not a URL.");
            return null;
        },
    };

    public static async Task<int> RunAsync(string[] arguments)
    {
        RootCommand command = new("Makes renditions of every photograph in a folder. If you start it again, it continues where it stopped.")
        {
            s_folder, s_out, s_renditions, s_include, s_parallel, s_max, s_dryRun, s_failures, s_emulator,
        };
        command.SetAction(RunAsync);
        ParseResult parsed = command.Parse(arguments);

        // Ctrl+C removes the uploaded files from the storage before the program ends.
        int exitCode = await parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromSeconds(30) });
        return parsed.Errors.Count > 0 ? WrongArguments : exitCode;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        DirectoryInfo output = parsed.GetRequiredValue(s_out);
        RenderManyOptions options = new()
        {
            MaxParallel = parsed.GetRequiredValue(s_parallel),
            MaxAssets = parsed.GetValue(s_max),
            StateFile = Path.Combine(output.FullName, ".asset-compute-state"),
        };
        IReadOnlyList<RenderFile> files;
        RenderPlan plan;
        try
        {
            files = RenderFile.InFolder(parsed.GetRequiredValue(s_folder).FullName, output.FullName, parsed.GetRequiredValue(s_renditions), parsed.GetRequiredValue(s_include));
            plan = RenderPlan.Create(files, options);
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidProcessRequestException or IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync(exception.Message);
            return WrongArguments;
        }

        IAnsiConsole console = ConsoleOf();
        console.MarkupLineInterpolated($"[grey]{plan.Files.Count:N0} of {files.Count:N0} photographs to send ({plan.SourceBytes:N0} bytes), {plan.Renditions:N0} renditions to make, {plan.FinishedRenditions:N0} already finished.[/]");
        if (parsed.GetValue(s_dryRun))
        {
            return 0;
        }

        FileInfo failuresFile = parsed.GetValue(s_failures) ?? new FileInfo(Path.Combine(output.FullName, "failures.csv"));
        int failures = 0;
        try
        {
            await using RenditionService service = await RenditionService.StartAsync(parsed.GetValue(s_emulator), cancellationToken);
            using FailureReport report = new(failuresFile.FullName);
            await new ProgressView(console).ShowAsync(options, async progress =>
            {
                await foreach (RenderResult result in service.Renderer.RenderManyAsync(files, options, cancellationToken))
                {
                    progress(result);
                    report.Add(result);
                }
            });
            failures = report.Count;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            console.MarkupLine("[yellow]Canceled.[/] Start it again to continue.");
            return Cancelled;
        }
        catch (Exception exception) when (exception is AssetComputeException or IOException or UnauthorizedAccessException or HttpRequestException)
        {
            await Console.Error.WriteLineAsync(exception.Message);
            return SomeFailed;
        }

        if (failures > 0)
        {
            console.MarkupLineInterpolated($"[red]{failures:N0} renditions failed:[/] {failuresFile.FullName}");
            return SomeFailed;
        }

        if (plan.FilesOverMaximum > 0)
        {
            console.MarkupLineInterpolated($"[yellow]{plan.FilesOverMaximum:N0} photographs exceed --max.[/] Start it again to continue.");
            return SomeLeft;
        }

        return 0;
    }

    /// <summary>Returns the console. A file or a log has no colors and no window width.</summary>
    private static IAnsiConsole ConsoleOf()
    {
        if (!Console.IsOutputRedirected)
        {
            return AnsiConsole.Console;
        }

        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, Interactive = InteractionSupport.No });
        console.Profile.Width = 1000;
        return console;
    }
}
