namespace AssetExport;

/// <summary>The status of the application: what <c>/status.json</c> and <c>asset-export status --json</c> return.</summary>
/// <param name="Mode">How it learns of published assets.</param>
/// <param name="Totals">How many exports are in each state, over all destinations.</param>
/// <param name="Destinations">The destinations: those of the settings, and others that exports are for.</param>
/// <param name="Events">The events that came.</param>
/// <param name="Journal">The journal; null if it isn't read, or by another process.</param>
public sealed record StatusReport(
    ExportMode Mode, IReadOnlyDictionary<string, long> Totals, IReadOnlyList<DestinationStatus> Destinations, EventStatus Events, JournalStatus? Journal);
