using System.CommandLine;

namespace AssetExport;

/// <summary><c>asset-export check</c></summary>
internal static class CheckCommand
{
    public static Command Create(CommandSettings settings)
    {
        Command command = settings.AddTo(new Command("check", "Tests the settings: database, token, journal, AEM, and each destination, where it writes a file and removes it again."));
        command.SetAction(async (parsed, cancellationToken) =>
        {
            List<SetupFinding> findings = await SetupChecks.RunAsync(
                () => CommandSettings.Create(settings.Read(parsed)), names: null, settings.IsJson(parsed) ? null : settings.Console, cancellationToken);
            settings.Write(parsed, findings, StatusJson.Default.IReadOnlyListSetupFinding, all => SetupTable.Write(settings.Console, all));
            return findings.Any(static finding => finding.Result == SetupResult.Failed) ? 1 : 0;
        });
        return command;
    }
}
