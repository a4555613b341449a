namespace AssetExport;

/// <summary>What the command line says. What it leaves out, the configuration says.</summary>
public sealed record ExportArguments
{
    /// <summary>The file that is read where none is named and it exists.</summary>
    public const string DefaultFile = "export.json";

    /// <summary>The modes. Default: <c>Mode</c> of the configuration, else both.</summary>
    public ExportMode? Mode { get; init; }

    /// <summary>A file for SQLite, or a connection string of PostgreSQL. Default: <c>Database</c> of the configuration, else <c>export.db</c>.</summary>
    public string? Database { get; init; }

    /// <summary>Where the webhook listens. Default: <c>Urls</c> of the configuration, else <c>http://127.0.0.1:5080</c>.</summary>
    public string? Urls { get; init; }

    /// <summary>Where the status page listens. Default: <c>Status:Url</c> of the configuration, else <c>http://127.0.0.1:5081</c>.</summary>
    public string? StatusUrl { get; init; }

    /// <summary>A JSON file of settings. Default: none.</summary>
    public string? ConfigurationFile { get; init; }

    /// <summary>Further settings, over those of the file and of the environment. Default: none.</summary>
    public IReadOnlyDictionary<string, string?> Settings { get; init; } = new Dictionary<string, string?>();

    /// <summary>As keys of the configuration.</summary>
    internal IEnumerable<KeyValuePair<string, string?>> ToSettings()
    {
        (string Key, string? Value)[] settings = [("Mode", Mode?.ToString()), ("Database", Database), ("Urls", Urls), ("Status:Url", StatusUrl)];
        return Settings.Concat(settings.Where(static setting => setting.Value is not null).Select(static setting => KeyValuePair.Create(setting.Key, setting.Value)));
    }
}
