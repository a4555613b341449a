namespace AssetExport;

/// <summary>A destination as it is configured.</summary>
/// <param name="Name">Its name, as metadata and rules name it.</param>
/// <param name="Type">Its kind.</param>
/// <param name="Target">What writes.</param>
/// <param name="MaxParallelism">How many exports run at once.</param>
/// <param name="Original">Whether the original is exported.</param>
/// <param name="Renditions">The renditions that are exported.</param>
/// <param name="Names">How files are named.</param>
/// <param name="Pace">When it is exported to.</param>
/// <param name="Pause">How long this instance leaves it alone.</param>
internal sealed record ExportDestination(
    string Name, string Type, IExportDestination Target, int MaxParallelism, bool Original, IReadOnlyList<RenditionSettings> Renditions, NameTemplate Names, Pace Pace, Pause Pause)
{
    /// <summary>The names of all files of an asset.</summary>
    /// <param name="name">The name of the asset here.</param>
    public IEnumerable<string> FilesOf(string name) => (Original ? [name] : Enumerable.Empty<string>()).Concat(Renditions.Select(rendition => FileOf(name, rendition)));

    /// <summary>The name of a rendition.</summary>
    public static string FileOf(string name, RenditionSettings rendition) => $"{name}.renditions/{rendition.Name}";
}
