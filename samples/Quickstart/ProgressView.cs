using System.Globalization;
using AssetCompute.Client;
using Spectre.Console;

namespace Quickstart;

/// <summary>Shows each rendition when it is done: in a table in a terminal, otherwise as a line.</summary>
internal sealed class ProgressView(IAnsiConsole console)
{
    private readonly Dictionary<string, int> _rows = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();
    private Table? _table;
    private LiveDisplayContext? _live;

    public void Say(string text) => console.MarkupLineInterpolated($"[grey]{text}[/]");

    /// <summary>Shows the renditions while a job runs.</summary>
    public async Task<T> ShowAsync<T>(IReadOnlyList<Rendition> renditions, Func<Task<T>> job)
    {
        if (!console.Profile.Capabilities.Interactive || !console.Profile.Capabilities.Ansi)
        {
            return await job();
        }

        Table table = new Table().Border(TableBorder.None).HideHeaders().AddColumns("", "", "");
        foreach (Rendition rendition in renditions)
        {
            _rows[rendition.Name!] = _rows.Count;
            table.AddRow(new Markup("[grey]…[/]"), new Text(rendition.Name!), new Markup("[grey]waiting[/]"));
        }

        return await console.Live(table).StartAsync(async live =>
        {
            lock (_lock)
            {
                (_table, _live) = (table, live);
            }

            live.Refresh();
            return await job();
        });
    }

    /// <summary>Shows a rendition that is done.</summary>
    public void Report(RenditionEvent rendition, TimeSpan elapsed)
    {
        string name = rendition.Rendition.Name!;
        string seconds = elapsed.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture);
        (string mark, string text) = rendition switch
        {
            RenditionCreated => ("[green]✓[/]", $"created after {seconds} s"),
            RenditionFailed failed => ("[yellow]✗[/]", $"failed after {seconds} s: {failed.Reason}"),
            _ => ("?", rendition.Type),
        };
        lock (_lock)
        {
            if (_table is null || _live is null)
            {
                console.MarkupLine($"{mark} {Markup.Escape(name)} {Markup.Escape(text)}");
                return;
            }

            _table.UpdateCell(_rows[name], 0, new Markup(mark));
            _table.UpdateCell(_rows[name], 2, new Text(text));
            _live.Refresh();
        }
    }
}
