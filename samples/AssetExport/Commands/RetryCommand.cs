using System.CommandLine;
using Spectre.Console;

namespace AssetExport;

/// <summary><c>asset-export retry</c></summary>
internal static class RetryCommand
{
    public static Command Create(CommandSettings settings)
    {
        Argument<string?> path = new("path") { Description = "The path of an asset. Its failed and waiting exports are retried at once.", Arity = ArgumentArity.ZeroOrOne };
        Option<bool> failed = new("--failed") { Description = "Retry all failed exports." };
        Option<string?> destination = new("--destination") { Description = "Retry only exports to this destination." };
        Command command = settings.AddTo(new Command("retry", "Tells the running application to retry exports. Exits with 1 if there are none.") { path, failed, destination }, hasJson: false);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            SettingsException.ThrowIf(parsed.GetValue(failed) == parsed.GetValue(path) is not null, "Pass the path of an asset, or --failed.");
            await using WebApplication app = CommandSettings.Create(settings.Read(parsed));
            ExportActions actions = app.Services.GetRequiredService<ExportActions>();
            string? only = parsed.GetValue(destination);
            bool isAny = parsed.GetValue(failed) && await actions.RetryFailedAsync(only, CommandSettings.Operator, cancellationToken);
            if (parsed.GetValue(path) is { } asset && await app.Services.GetRequiredService<StatusReporter>().StoryAsync(asset, cancellationToken) is { } story)
            {
                foreach (ExportEntry export in story.Exports.Where(export => only is null || export.Destination == only))
                {
                    isAny |= await actions.RetryAsync(export.Id, CommandSettings.Operator, cancellationToken);
                }
            }

            settings.Console.WriteLine(isAny ? "The running application retries it." : "There is nothing to retry.");
            return isAny ? 0 : 1;
        });
        return command;
    }
}
