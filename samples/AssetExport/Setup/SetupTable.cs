using Spectre.Console;

namespace AssetExport;

/// <summary>Shows the findings in a terminal.</summary>
internal static class SetupTable
{
    /// <summary>Writes a finding as a line, as soon as it is known.</summary>
    public static void WriteLine(IAnsiConsole console, SetupFinding finding)
    {
        console.MarkupLine($"  {Mark(finding.Result)} {Markup.Escape(finding.Check)}: {Markup.Escape(finding.Seen)}");
        if (finding.Advice is { } advice)
        {
            console.MarkupLine($"    {Markup.Escape(advice)}");
        }
    }

    /// <summary>Writes all findings as a table.</summary>
    public static void Write(IAnsiConsole console, IReadOnlyList<SetupFinding> findings)
    {
        Table table = new Table().Border(TableBorder.Rounded).AddColumns("check", "result", "seen", "what to do");
        foreach (SetupFinding finding in findings)
        {
            table.AddRow(Markup.Escape(finding.Check), Mark(finding.Result), Markup.Escape(finding.Seen), Markup.Escape(finding.Advice ?? ""));
        }

        console.Write(table);
    }

    private static string Mark(SetupResult result) => result switch
    {
        SetupResult.Ok => "[green]ok[/]",
        SetupResult.Failed => "[red]failed[/]",
        _ => "[yellow]not checked[/]",
    };
}
