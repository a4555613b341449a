using Spectre.Console;

namespace AssetExport;

/// <summary>The result as a table.</summary>
internal static class ReconciliationTable
{
    public static void Write(IAnsiConsole console, ReconciliationResult result)
    {
        if (Console.IsOutputRedirected)
        {
            // A file has no window that limits its width.
            console.Profile.Width = 240;
        }

        if (result.Findings.Count > 0)
        {
            Table table = new Table().Border(TableBorder.Rounded).AddColumns("finding", "asset", "destination", "seen", "");
            foreach (ReconciliationFinding finding in result.Findings)
            {
                table.AddRow(finding.Kind.ToString().ToLowerInvariant(), Markup.Escape(finding.Path), Markup.Escape(finding.Destination), Markup.Escape(finding.Detail), finding.IsRepaired ? "exported again" : "");
            }

            console.Write(table);
        }

        console.WriteLine($"{result.Matching} as they should be, {result.Pending} still to be exported, {result.Findings.Count} not as they should be.");
        if (result.Unknown > 0)
        {
            console.WriteLine($"{result.Unknown} left out: AEM does not say whether they are published, and no event of them has come.");
        }
    }
}
