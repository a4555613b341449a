namespace AssetExport;

/// <summary>All known information about an asset: the newest export to each destination, and the history, newest first.</summary>
internal sealed record AssetStory(string Path, IReadOnlyList<ExportEntry> Exports, IReadOnlyList<HistoryEntry> History);
