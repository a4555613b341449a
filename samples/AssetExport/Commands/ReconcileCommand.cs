using System.CommandLine;
using Spectre.Console;

namespace AssetExport;

/// <summary><c>asset-export reconcile</c></summary>
internal static class ReconcileCommand
{
    public static Command Create(CommandSettings settings)
    {
        Option<string> folder = new("--folder") { Description = "The AEM folder to compare.", DefaultValueFactory = static _ => AssetPath.Root };
        Option<bool> repair = new("--repair") { Description = "Tell the running application to export missing, different and failed assets again, but not assets that were changed after they were published." };
        Command command = settings.AddTo(new Command("reconcile", "Compares AEM with the destinations. Exits with 1 if they differ.") { folder, repair });
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using WebApplication app = CommandSettings.Create(settings.Read(parsed));
            ReconciliationResult result = await app.Services.GetRequiredService<Reconciliation>().RunAsync(parsed.GetValue(folder)!, parsed.GetValue(repair), cancellationToken);
            settings.Write(parsed, result, StatusJson.Default.ReconciliationResult, found => Write(settings.Console, found));
            return result.IsClean ? 0 : 1;
        });
        return command;
    }

    private static void Write(IAnsiConsole console, ReconciliationResult result)
    {
        if (result.Findings.Count > 0)
        {
            CommandSettings.WriteTable(
                console,
                ["finding", "asset", "destination", "seen", ""],
                result.Findings.Select(static finding => new[] { finding.Kind.ToString().ToLowerInvariant(), finding.Path, finding.Destination, finding.Detail, finding.IsRepaired ? "exported again" : "" }));
        }

        console.WriteLine($"{result.Matching} correct, {result.Pending} still to be exported, {result.Findings.Count} not correct.");
        if (result.Unknown > 0)
        {
            console.WriteLine($"{result.Unknown} not compared: AEM doesn't say whether they are published, and no event for them has arrived.");
        }
    }
}
