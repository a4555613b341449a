using System.CommandLine;
using Spectre.Console;

namespace AssetExport;

/// <summary><c>asset-export check</c></summary>
internal static class CheckCommand
{
    public static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(30);

    public static Command Create(CommandSettings settings)
    {
        Command command = settings.AddTo(new Command("check", "Checks the settings for real: database, token, journal, AEM, and each destination by a file that is written and removed again."));
        command.SetAction(async (parsed, cancellationToken) =>
        {
            List<SetupFinding> findings = [];
            try
            {
                await using WebApplication app = CommandSettings.Create(settings.Read(parsed));
                SetupChecks checks = new(app.Services, TimeLimit);
                foreach (SetupCheck check in checks.All)
                {
                    findings.Add(settings.IsJson(parsed)
                        ? await checks.RunAsync(check, cancellationToken)
                        : await settings.Console.Status().StartAsync($"Checking: {Markup.Escape(check.Name)}", _ => checks.RunAsync(check, cancellationToken)));
                }
            }
            catch (Exception exception) when (exception is SettingsException or ArgumentException or InvalidDataException or IOException)
            {
                // The application cannot be built, so this is the only finding.
                findings = [new SetupFinding("settings", SetupResult.Failed, exception.Message, "Correct this setting. docs/export-settings.md lists all of them.")];
            }

            settings.Write(parsed, findings, StatusJson.Default.IReadOnlyListSetupFinding, all => SetupTable.Write(settings.Console, all));
            return findings.Any(static finding => finding.Result == SetupResult.Failed) ? 1 : 0;
        });
        return command;
    }
}
