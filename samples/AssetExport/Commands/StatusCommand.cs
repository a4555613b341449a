using System.CommandLine;
using Spectre.Console;

namespace AssetExport;

/// <summary><c>asset-export status</c></summary>
internal static class StatusCommand
{
    private const int MaxFailed = 20;

    public static Command Create(CommandSettings settings)
    {
        Argument<string?> path = new("path") { Description = "The path of an asset. Shows everything that is known about it.", Arity = ArgumentArity.ZeroOrOne };
        Command command = settings.AddTo(new Command("status", "Shows what is due, done and failed. Exits with 1 if something failed.") { path });
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using WebApplication app = CommandSettings.Create(settings.Read(parsed));
            StatusReporter reporter = app.Services.GetRequiredService<StatusReporter>();
            if (parsed.GetValue(path) is { } asset)
            {
                AssetStory story = await reporter.StoryAsync(asset, cancellationToken) ?? throw new SettingsException($"Nothing is known about '{asset}'.");
                settings.Write(parsed, story, StatusJson.Default.AssetStory, known => Write(settings.Console, known));
                return story.Exports.Any(static export => export.State == ExportState.Failed) ? 1 : 0;
            }

            StatusReport report = await reporter.ReportAsync(isRunning: false, cancellationToken);
            IReadOnlyList<ExportEntry> failed = await app.Services.GetRequiredService<ExportLedger>().RecentAsync(ExportState.Failed, MaxFailed, cancellationToken);
            settings.Write(parsed, report, StatusJson.Default.StatusReport, known => Write(settings.Console, known, failed));
            return report.Totals[PageText.Key(ExportState.Failed)] + report.Events.GivenUp > 0 ? 1 : 0;
        });
        return command;
    }

    private static void Write(IAnsiConsole console, StatusReport report, IReadOnlyList<ExportEntry> failed)
    {
        CommandSettings.WriteTable(
            console,
            ["destination", "type", .. PageText.Figures.Select(PageText.State), "next run (UTC)"],
            report.Destinations.Select(static destination => (string?[])
            [
                destination.Name,
                destination.Type ?? "not in the settings",
                .. PageText.Figures.Select(state => PageText.Number(destination.States[PageText.Key(state)])),
                destination.PausedAt is not null ? $"paused by {destination.PausedBy}" : destination.NextRun is { } run ? PageText.Time(run) : "",
            ]));
        console.WriteLine(PageText.Events(report.Events));
        foreach (ExportEntry entry in failed)
        {
            console.WriteLine($"Failed: {entry.Path} to {entry.Destination}: {entry.Reason}");
        }

        if (failed.Count > 0)
        {
            console.WriteLine("Fix the cause, then run 'asset-export retry --failed', or 'asset-export retry' with a path.");
        }

        if (report.Events.GivenUp > 0)
        {
            console.WriteLine($"{PageText.Number(report.Events.GivenUp)} events failed before a decision. The status page shows them.");
        }
    }

    private static void Write(IAnsiConsole console, AssetStory story)
    {
        foreach (ExportEntry entry in story.Exports)
        {
            console.WriteLine($"{(entry.Destination.Length == 0 ? "no destination" : entry.Destination)}: {PageText.State(entry.State)}. {PageText.Detail(entry)}");
        }

        CommandSettings.WriteTable(
            console,
            ["when (UTC)", "destination", "what", "detail", "by"],
            story.History.Reverse().Select(static entry => new[] { PageText.Time(entry.At), entry.Destination, entry.What, entry.Detail, entry.By }));
    }
}
