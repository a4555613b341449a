namespace AssetExport;

/// <summary>The status of the application, as returned by <c>/status.json</c> and <c>asset-export status --json</c>.</summary>
/// <param name="Mode">The mode of the application.</param>
/// <param name="Totals">The number of exports in each state, for all destinations.</param>
/// <param name="Destinations">The destinations in the settings, and other destinations that have exports.</param>
/// <param name="Events">The received events.</param>
/// <param name="Journal">The journal; null if this process doesn't read it.</param>
internal sealed record StatusReport(
    ExportMode Mode, IReadOnlyDictionary<string, long> Totals, IReadOnlyList<DestinationStatus> Destinations, EventStatus Events, JournalStatus? Journal);
