namespace AssetExport;

/// <summary>Everything that is known of one asset.</summary>
/// <param name="Path">Its path in AEM.</param>
/// <param name="Exports">Its exports: the newest to each destination.</param>
/// <param name="History">What happened, the newest first.</param>
public sealed record AssetStory(string Path, IReadOnlyList<ExportEntry> Exports, IReadOnlyList<HistoryEntry> History);
