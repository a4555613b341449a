using System.CommandLine;
using System.Data.Common;

namespace AssetExport;

/// <summary><c>asset-export run</c></summary>
internal static class RunCommand
{
    public static Command Create(CommandSettings settings)
    {
        Option<string?> urls = new("--urls") { Description = "Where the webhook listens. Default: http://127.0.0.1:5080." };
        Option<string?> statusUrl = new("--status-url") { Description = "Where the status page listens. Default: http://127.0.0.1:5081." };
        Command command = settings.AddTo(new Command("run", "Runs the export until you stop it.") { urls, statusUrl }, hasJson: false);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using WebApplication app = CommandSettings.Create(settings.Read(parsed, ("Urls", parsed.GetValue(urls)), ("Status:Url", parsed.GetValue(statusUrl))), runs: true);
            try
            {
                await app.Services.GetRequiredService<ExportLedger>().CountAsync(cancellationToken);
            }
            catch (DbException)
            {
                // An unavailable database may come back. A ledger that cannot be read throws another exception.
            }

            await app.RunAsync(cancellationToken);
            return Environment.ExitCode;
        });
        return command;
    }
}
