namespace AssetExport;

/// <summary>A configured destination.</summary>
/// <param name="Name">The name of the destination in metadata and rules.</param>
/// <param name="Type">The kind of destination.</param>
/// <param name="Target">Writes the files.</param>
/// <param name="MaxParallelism">The maximum number of concurrent exports.</param>
/// <param name="Original">Whether the original is exported.</param>
/// <param name="Renditions">The renditions to export.</param>
/// <param name="Names">The template for file names.</param>
/// <param name="Pace">The schedule of the destination.</param>
/// <param name="Pause">How long this instance waits before it uses the destination again.</param>
internal sealed record ExportDestination(
    string Name, string Type, IExportDestination Target, int MaxParallelism, bool Original, IReadOnlyList<RenditionSettings> Renditions, NameTemplate Names, Pace Pace, Pause Pause)
{
    /// <summary>Returns the names of all files of an asset.</summary>
    /// <param name="name">The name of the asset at this destination.</param>
    public IEnumerable<string> FilesOf(string name) => (Original ? [name] : Enumerable.Empty<string>()).Concat(Renditions.Select(rendition => FileOf(name, rendition)));

    /// <summary>Returns the name of a rendition.</summary>
    public static string FileOf(string name, RenditionSettings rendition) => $"{name}.renditions/{rendition.Name}";
}
