namespace AssetExport;

/// <summary>A destination as it is configured.</summary>
/// <param name="Name">Its name: what stands in <c>exportDestination</c>.</param>
/// <param name="Type">Its kind.</param>
/// <param name="Target">What writes.</param>
/// <param name="MaxParallelism">How many exports go there at once.</param>
/// <param name="Original">Whether the original is exported.</param>
/// <param name="Renditions">The renditions that are exported.</param>
/// <param name="Pause">For how long this instance leaves it alone.</param>
internal sealed record ExportDestination(
    string Name, string Type, IExportDestination Target, int MaxParallelism, bool Original, IReadOnlyList<RenditionSettings> Renditions, Pause Pause);
