namespace AssetExport;

/// <summary>All known information about an asset.</summary>
/// <param name="Path">The path in AEM.</param>
/// <param name="Exports">The newest export to each destination.</param>
/// <param name="History">The history, newest first.</param>
internal sealed record AssetStory(string Path, IReadOnlyList<ExportEntry> Exports, IReadOnlyList<HistoryEntry> History);
