using System.CommandLine;
using Spectre.Console;

namespace AssetExport;

/// <summary><c>asset-export init</c></summary>
internal static class InitCommand
{
    private static readonly SettingQuestion s_replace = new("", "The file exists. Replace it: yes or no", Choices: ["yes", "no"], Default: "no");

    public static Command Create(CommandSettings settings)
    {
        Option<FileInfo> config = new("--config") { Description = "The file to write.", DefaultValueFactory = static _ => new FileInfo(ExportArguments.DefaultFile) };
        Option<bool> force = new("--force") { Description = "Replace the file if it exists." };
        Option<bool> noInput = new("--no-input") { Description = "Don't ask for input. A missing setting is an error, and the file is written only if no check fails." };
        Option<string> destination = new("--destination") { Description = "The name of the destination, as in the assets' metadata.", DefaultValueFactory = static _ => SetupQuestions.DestinationName.Default! };
        Option<string?> type = new("--type") { Description = $"The type of the destination: {string.Join(", ", SetupQuestions.ByType.Keys)}." };
        Option<string[]> set = new("--set") { Description = "Any setting, as KEY=VALUE: a setting of the destination, such as Path=/srv/assets, or of another section, such as Export:MaxAttempts=5. You can repeat the option." };
        (Option<string?> Option, string Key)[] keys = [.. SetupQuestions.WithFlags.Select(static question => (
            new Option<string?>(question.Flag!)
            {
                Description = $"{question.Text}.{(question.IsSecret ? $" The environment variable {SettingsExtensions.VariableOf(question.Key)} keeps it out of lists of processes." : "")}",
            },
            question.Key))];
        Command command = new("init", "Asks for the settings, tests each, and writes the file.") { config, force, noInput, destination, type, set };
        foreach ((Option<string?> option, _) in keys)
        {
            command.Add(option);
        }

        command.SetAction((parsed, cancellationToken) =>
        {
            string section = $"Destinations:{parsed.GetValue(destination)}:";
            Dictionary<string, string?> given = new(StringComparer.OrdinalIgnoreCase);
            foreach ((Option<string?> option, string key) in keys.Append((type, section + "Type")))
            {
                if (parsed.GetValue(option) is { Length: > 0 } value)
                {
                    given[key] = value;
                }
            }

            foreach (string pair in parsed.GetValue(set) ?? [])
            {
                (string key, string value) = pair.Split('=', 2) is [{ Length: > 0 } left, string right] ? (left, right) : throw new SettingsException($"--set requires KEY=VALUE; it is '{pair}'.");
                given[key.Contains(':', StringComparison.Ordinal) ? key : section + key] = value;
            }

            if (parsed.GetValue(noInput))
            {
                settings.Console.Profile.Capabilities.Interactive = false;
            }

            return RunAsync(settings.Console, parsed.GetValue(config)!.FullName, parsed.GetValue(force), given, cancellationToken);
        });
        return command;
    }

    private static async Task<int> RunAsync(IAnsiConsole console, string file, bool force, IReadOnlyDictionary<string, string?> given, CancellationToken cancellationToken)
    {
        SetupDialog dialog = new(console, given);
        bool isInteractive = console.Profile.Capabilities.Interactive;
        SettingsException.ThrowIf(File.Exists(file) && !force && !(isInteractive && dialog.Prompt(s_replace).Equals("yes", StringComparison.OrdinalIgnoreCase)), $"{file} exists. Pass --force to replace it, or --config to write another file.");

        if (isInteractive)
        {
            console.WriteLine($"The answers are written to {file}. Press Enter to use the value in parentheses. Press Ctrl+C to stop without writing the file.");
        }

        bool isDone = await dialog.RunAsync(cancellationToken);
        if (!isDone || (dialog.HasFailed && !isInteractive))
        {
            console.WriteLine("Nothing was written.");
            return 1;
        }

        SettingsFile.Write(file, dialog.Settings);
        console.WriteLine($"Wrote {file}. It contains secrets, and only you can read it.");
        string config = file == Path.GetFullPath(ExportArguments.DefaultFile) ? "" : $" --config {file}";
        console.WriteLine(dialog.HasFailed ? $"Correct what failed, then run 'asset-export check{config}'." : $"Next, run 'asset-export run{config}', and open its status page: http://127.0.0.1:5081");
        return dialog.HasFailed ? 1 : 0;
    }
}
