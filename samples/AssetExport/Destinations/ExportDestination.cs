namespace AssetExport;

/// <summary>A configured destination.</summary>
internal sealed record ExportDestination(
    string Name, string Type, IExportDestination Target, int MaxParallelism, bool Original, IReadOnlyList<RenditionSettings> Renditions, NameTemplate Names, Pace Pace, Pause Pause)
{
    public IEnumerable<string> FilesOf(string name) => (Original ? [name] : Enumerable.Empty<string>()).Concat(Renditions.Select(rendition => FileOf(name, rendition)));

    /// <summary>Creates the name of an asset.</summary>
    /// <returns>The name, null if the asset has none; and the reason why the asset cannot be stored, null if it can.</returns>
    public (string? Name, string? Wrong) NameOf(string path, string? sha1, AssetMetadata metadata)
    {
        try
        {
            string name = Names.Expand(path, sha1, metadata);
            return (name, FilesOf(name).Select(Target.WhyNotStorable).FirstOrDefault(static why => why is not null));
        }
        catch (DestinationRefusedException exception)
        {
            return (null, exception.Message);
        }
    }

    public static string FileOf(string name, RenditionSettings rendition) => $"{name}.renditions/{rendition.Name}";
}
