using System.Globalization;
using AssetCompute.Client;
using Spectre.Console;

namespace Quickstart;

/// <summary>The table of results.</summary>
internal static class ResultTable
{
    /// <summary>The minimum width of a terminal that shows the 40 digits of a SHA-1. result.json and the page always contain all digits.</summary>
    private const int WidthForWholeSha1 = 124;

    public static void Write(IAnsiConsole console, QuickstartResult result)
    {
        bool isWide = console.Profile.Width >= WidthForWholeSha1;
        Table table = new Table().Border(TableBorder.Rounded).BorderColor(Color.Grey);
        table.AddColumn("Name").AddColumn("Status");
        table.AddColumn(new TableColumn("Pixels").RightAligned().NoWrap());
        table.AddColumn(new TableColumn("Bytes").RightAligned().NoWrap());
        table.AddColumn(new TableColumn("SHA-1").NoWrap());
        table.AddColumn(new TableColumn("Time").RightAligned().NoWrap());
        foreach (RenditionOutcome rendition in result.Renditions)
        {
            RenditionMetadata? metadata = rendition.Metadata;
            string sha1 = metadata?.Sha1 ?? "";
            table.AddRow(
                Markup.Escape(rendition.Name),
                Status(rendition),
                metadata?.ImageWidth is null ? "" : $"{metadata.ImageWidth}×{metadata.ImageHeight}",
                metadata?.Size?.ToString("N0", CultureInfo.InvariantCulture) ?? "",
                Markup.Escape(isWide || sha1.Length <= 8 ? sha1 : sha1[..8] + "…"),
                rendition.Elapsed.TotalSeconds.ToString("0.0 s", CultureInfo.InvariantCulture));
        }

        console.Write(table);
        foreach (RenditionOutcome rendition in result.Renditions)
        {
            if (rendition.Problem is { } problem)
            {
                console.MarkupLineInterpolated($"[red]{rendition.Name}: {problem}[/]");
            }
            else if (rendition.Event is RenditionFailed failed)
            {
                console.MarkupLineInterpolated($"{rendition.Name} failed, as it should: [yellow]{failed.Reason}[/], {failed.Message}");
            }
        }
    }

    private static string Status(RenditionOutcome rendition) => rendition switch
    {
        { Problem: not null } => $"[red]{Markup.Escape(rendition.Status)}[/]",
        { Event: RenditionFailed } => $"[yellow]{Markup.Escape(rendition.Status)}[/]",
        _ => $"[green]{Markup.Escape(rendition.Status)}[/]",
    };
}
