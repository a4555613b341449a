namespace AssetExport;

/// <summary>A configured destination.</summary>
internal sealed record ExportDestination(
    string Name, string Type, IExportDestination Target, int MaxParallelism, bool Original, IReadOnlyList<RenditionSettings> Renditions, NameTemplate Names, Pace Pace, Pause Pause)
{
    /// <summary>Returns the names of all files of an asset.</summary>
    /// <param name="name">The name of the asset at this destination.</param>
    public IEnumerable<string> FilesOf(string name) => (Original ? [name] : Enumerable.Empty<string>()).Concat(Renditions.Select(rendition => FileOf(name, rendition)));

    /// <summary>Returns the name of a rendition.</summary>
    public static string FileOf(string name, RenditionSettings rendition) => $"{name}.renditions/{rendition.Name}";
}
