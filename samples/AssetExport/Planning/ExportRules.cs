namespace AssetExport;

/// <summary>Determines the destinations and the time of an export from the metadata of the asset.</summary>
internal sealed class ExportRules
{
    private static readonly string[] s_yes = ["yes", "true"];

    private readonly RuleOptions _options;
    private readonly FolderRule[] _folders;

    /// <exception cref="SettingsException">A rule is invalid.</exception>
    public ExportRules(RuleOptions options)
    {
        _options = options;
        _folders = [.. options.Folders.OrderByDescending(static folder => folder.Path.Length)];
        SettingsException.ThrowIf(options.DestinationProperty.Length == 0 || options.ImmediateProperty.Length == 0, "Rules:DestinationProperty and Rules:ImmediateProperty must be names of metadata properties.");

        foreach (FolderRule folder in _folders)
        {
            folder.Path = folder.Path.TrimEnd('/');
            SettingsException.ThrowIf(!AssetPath.IsFolder(folder.Path) || Split(folder.Destinations).Count == 0, $"Rules:Folders: '{folder.Path}' must be {AssetPath.Root} or a folder below it, and have Destinations.");
        }
    }

    public static ExportRules Read(IConfiguration configuration) => new(configuration.GetSection("Rules").ReadOptions<RuleOptions>());

    public ExportDecision Decide(string path, AssetMetadata metadata)
    {
        FolderRule? folder = _folders.FirstOrDefault(rule => path.StartsWith(rule.Path + "/", StringComparison.Ordinal));
        string named = string.Join(",", metadata[_options.DestinationProperty]);
        IReadOnlyList<string> values = Split(named);
        bool isByFolder = values.Count == 0 && folder is not null;
        IReadOnlyList<string> destinations = isByFolder
            ? Split(folder!.Destinations)
            : [.. values.SelectMany(value => Split(_options.DestinationValues.GetValueOrDefault(value, value))).Distinct(StringComparer.Ordinal)];
        string where = isByFolder ? $"the folder {folder!.Path} is exported to '{folder.Destinations}'" : $"{_options.DestinationProperty} is '{named}'";

        string[] immediate = [.. metadata[_options.ImmediateProperty].Where(static value => value.Length > 0)];
        bool isImmediate = immediate.Length == 0 ? folder?.Immediate == true : immediate.Any(value => (_options.ImmediateValues is { Count: > 0 } yes ? yes : [.. s_yes]).Contains(value, StringComparer.OrdinalIgnoreCase));
        string when = immediate.Length == 0 ? isImmediate ? "its assets are exported at once" : $"{_options.ImmediateProperty} is not set" : $"{_options.ImmediateProperty} is '{string.Join(",", immediate)}'";
        return new ExportDecision(destinations, isImmediate, $"{where}, {when}");
    }

    private static IReadOnlyList<string> Split(string names) => [.. names.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Distinct(StringComparer.Ordinal)];
}
