namespace AssetExport;

/// <summary>The arguments from the command line. The configuration provides everything else.</summary>
public sealed record ExportArguments
{
    /// <summary>The file to read if no other is given and this one exists.</summary>
    public const string DefaultFile = "export.json";

    /// <summary>The mode. Default: <c>Mode</c> from the configuration, otherwise both.</summary>
    public ExportMode? Mode { get; init; }

    /// <summary>A SQLite file, or a PostgreSQL connection string. Default: <c>Database</c> from the configuration, otherwise <c>export.db</c>.</summary>
    public string? Database { get; init; }

    /// <summary>The URLs of the webhook. Default: <c>Urls</c> from the configuration, otherwise <c>http://127.0.0.1:5080</c>.</summary>
    public string? Urls { get; init; }

    /// <summary>The URL of the status page. Default: <c>Status:Url</c> from the configuration, otherwise <c>http://127.0.0.1:5081</c>.</summary>
    public string? StatusUrl { get; init; }

    /// <summary>A JSON file of settings. Default: none.</summary>
    public string? ConfigurationFile { get; init; }

    /// <summary>Additional settings. They override the file and the environment. Default: none.</summary>
    public IReadOnlyDictionary<string, string?> Settings { get; init; } = new Dictionary<string, string?>();

    /// <summary>Returns the arguments as configuration settings.</summary>
    internal IEnumerable<KeyValuePair<string, string?>> ToSettings()
    {
        (string Key, string? Value)[] settings = [("Mode", Mode?.ToString()), ("Database", Database), ("Urls", Urls), ("Status:Url", StatusUrl)];
        return Settings.Concat(settings.Where(static setting => setting.Value is not null).Select(static setting => KeyValuePair.Create(setting.Key, setting.Value)));
    }
}
