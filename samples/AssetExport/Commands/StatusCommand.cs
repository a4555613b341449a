using System.CommandLine;
using Spectre.Console;

namespace AssetExport;

/// <summary><c>asset-export status</c></summary>
internal static class StatusCommand
{
    private const int MaxFailed = 20;

    public static Command Create(CommandSettings settings)
    {
        Argument<string?> path = new("path") { Description = "The path of an asset, for everything that is known of it.", Arity = ArgumentArity.ZeroOrOne };
        Command command = settings.AddTo(new Command("status", "Shows what is due, done and failed. Exits with 1 if something failed.") { path });
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using WebApplication app = CommandSettings.Create(settings.Read(parsed));
            StatusReporter reporter = app.Services.GetRequiredService<StatusReporter>();
            if (parsed.GetValue(path) is { } asset)
            {
                AssetStory story = await reporter.StoryAsync(asset, cancellationToken) ?? throw new SettingsException($"Nothing is known of '{asset}'.");
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
        Table table = new Table().Border(TableBorder.Rounded).AddColumns("destination", "type");
        foreach (ExportState state in PageText.Figures)
        {
            table.AddColumn(new TableColumn(PageText.State(state)).RightAligned());
        }

        table.AddColumn("next run (UTC)");
        foreach (DestinationStatus destination in report.Destinations)
        {
            string next = destination.PausedAt is not null ? $"paused by {destination.PausedBy}" : destination.NextRun is { } run ? PageText.Time(run) : "";
            table.AddRow([
                Markup.Escape(destination.Name),
                Markup.Escape(destination.Type ?? "not in the settings"),
                .. PageText.Figures.Select(state => PageText.Number(destination.States[PageText.Key(state)])),
                Markup.Escape(next)]);
        }

        console.Write(table);
        console.WriteLine(PageText.Events(report.Events));
        foreach (ExportEntry entry in failed)
        {
            console.WriteLine($"Failed: {entry.Path} to {entry.Destination}: {entry.Reason}");
        }

        if (failed.Count > 0)
        {
            console.WriteLine("Remove the cause, then run 'asset-export retry --failed', or 'asset-export retry' with a path.");
        }

        if (report.Events.GivenUp > 0)
        {
            console.WriteLine($"{PageText.Number(report.Events.GivenUp)} events were given up before a decision. The status page shows them.");
        }
    }

    private static void Write(IAnsiConsole console, AssetStory story)
    {
        foreach (ExportEntry entry in story.Exports)
        {
            console.WriteLine($"{(entry.Destination.Length == 0 ? "no destination" : entry.Destination)}: {PageText.State(entry.State)}. {PageText.Detail(entry)}");
        }

        Table table = new Table().Border(TableBorder.Rounded).AddColumns("when (UTC)", "destination", "what", "detail", "by");
        foreach (HistoryEntry entry in story.History.Reverse())
        {
            table.AddRow(PageText.Time(entry.At), Markup.Escape(entry.Destination), Markup.Escape(entry.What), Markup.Escape(entry.Detail ?? ""), Markup.Escape(entry.By ?? ""));
        }

        console.Write(table);
    }
}
