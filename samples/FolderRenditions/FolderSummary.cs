using System.Diagnostics;
using System.Globalization;
using AssetCompute.Client;
using Spectre.Console;

namespace FolderRenditions;

/// <summary>What became of it all.</summary>
internal sealed class FolderSummary(FolderPlan plan)
{
    private readonly Lock _gate = new();
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly List<(string Name, int Renditions, string Why)> _failed = [];
    private int _made;
    private long _bytes;

    public int Failures => _failed.Sum(failed => failed.Renditions);

    public void Add(Photograph photograph, RenderResult result)
    {
        lock (_gate)
        {
            foreach (RenderedFile file in result.Files.Where(file => file.Succeeded))
            {
                _made++;
                _bytes += (file.Event as RenditionCreated)?.Metadata.Size ?? 0;
            }

            // Most often all renditions fail for the same reason: said once, with their number.
            foreach (IGrouping<string, RenderedFile> failed in result.Files.Where(file => !file.Succeeded).GroupBy(WhyOf))
            {
                _failed.Add((photograph.Name, failed.Count(), failed.Key));
            }
        }
    }

    public void Add(Photograph photograph, Exception exception)
    {
        lock (_gate)
        {
            _failed.Add((photograph.Name, photograph.Missing.Count, exception.Message));
        }
    }

    public void Write(IAnsiConsole console)
    {
        lock (_gate)
        {
            Table table = new Table().Border(TableBorder.Rounded).BorderColor(Color.Grey).HideHeaders().AddColumn("").AddColumn(new TableColumn("").RightAligned());
            table.AddRow("Photographs", Number(plan.Photographs));
            table.AddRow("Renditions made", Number(_made));
            table.AddRow("… there already", Number(plan.Done));
            table.AddRow("… failed", Number(Failures));
            table.AddRow("Bytes", Number(_bytes));
            table.AddRow("Time", _clock.Elapsed.TotalSeconds.ToString("0.0 s", CultureInfo.InvariantCulture));
            console.Write(table);
            foreach ((string name, int renditions, string why) in _failed)
            {
                console.MarkupLineInterpolated($"[red]✗[/] {name}: {renditions} failed, {why}");
            }
        }
    }

    public static string WhyOf(RenderedFile file) => file switch
    {
        { Error: { } error } => error.Message,
        { Event: RenditionFailed failed } => $"{failed.Reason}, {failed.Message}",
        _ => "no event came",
    };

    private static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
