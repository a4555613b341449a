namespace AssetExport;

/// <summary>The arguments from the command line. The configuration provides everything else.</summary>
/// <param name="File">A JSON file of settings; null for none.</param>
/// <param name="Settings">Settings by configuration key. They override the file and the environment.</param>
public sealed record ExportArguments(string? File, IReadOnlyDictionary<string, string?> Settings)
{
    /// <summary>The file to read if no other is given and this one exists.</summary>
    public const string DefaultFile = "export.json";
}
