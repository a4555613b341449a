using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Spectre.Console;

namespace AssetExport;

/// <summary>Shared settings of the commands: where the configuration is, and where the output goes.</summary>
internal sealed class CommandSettings(IAnsiConsole console)
{
    private readonly Option<FileInfo> _config = new Option<FileInfo>("--config") { Description = $"The JSON file with the settings. Default: {ExportArguments.DefaultFile}, if it exists." }.AcceptExistingOnly();
    private readonly Option<string?> _database = new("--database") { Description = "A SQLite file, or a PostgreSQL connection string (Host=…). Default: export.db." };
    private readonly Option<ExportMode?> _mode = new("--mode") { Description = "How events arrive. realtime: by webhook; batch: by journal; both. Default: both." };
    private readonly Option<bool> _json = new("--json") { Description = "Write JSON." };

    /// <summary>The user of the command line, for the history.</summary>
    public static string Operator => $"{Environment.UserName} (command line)";

    public IAnsiConsole Console => console;

    /// <summary>Creates the application for a command. If it does not run, it logs nothing.</summary>
    public static WebApplication Create(ExportArguments arguments, bool runs = false)
    {
        try
        {
            return ExportApplication.Create(arguments, runs ? null : static builder => builder.Logging.ClearProviders());
        }
        catch (SettingsException exception) when (arguments.File is null)
        {
            throw new SettingsException($"{exception.Message} There is no {ExportArguments.DefaultFile} in this folder. To create it, run 'asset-export init'. To use another file, pass --config.");
        }
    }

    public Command AddTo(Command command, bool hasJson = true)
    {
        command.Add(_config);
        command.Add(_database);
        command.Add(_mode);
        if (hasJson)
        {
            command.Add(_json);
        }

        return command;
    }

    /// <summary>Reads the options of a command, and other settings that are null if they were not given.</summary>
    public ExportArguments Read(ParseResult parsed, params (string Key, string? Value)[] others)
    {
        (string Key, string? Value)[] given = [.. others, ("Mode", parsed.GetValue(_mode)?.ToString()), ("Database", parsed.GetValue(_database))];
        return new ExportArguments(
            parsed.GetValue(_config)?.FullName ?? (File.Exists(ExportArguments.DefaultFile) ? Path.GetFullPath(ExportArguments.DefaultFile) : null),
            given.Where(static setting => setting.Value is not null).ToDictionary(static setting => setting.Key, static setting => setting.Value));
    }

    public bool IsJson(ParseResult parsed) => parsed.GetValue(_json);

    public static void WriteTable(IAnsiConsole console, string[] columns, IEnumerable<string?[]> rows)
    {
        Table table = new Table().Border(TableBorder.Rounded).AddColumns(columns);
        foreach (string?[] row in rows)
        {
            table.AddRow([.. row.Select(static cell => Markup.Escape(cell ?? ""))]);
        }

        console.Write(table);
    }

    public void Write<T>(ParseResult parsed, T result, JsonTypeInfo<T> type, Action<T> write)
    {
        if (IsJson(parsed))
        {
            console.Profile.Out.Writer.WriteLine(JsonSerializer.Serialize(result, type));
        }
        else
        {
            write(result);
        }
    }
}
