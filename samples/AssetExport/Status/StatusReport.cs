namespace AssetExport;

/// <summary>The status, as returned by <c>/status.json</c> and <c>asset-export status --json</c>. The journal is null if this process doesn't read it.</summary>
internal sealed record StatusReport(
    ExportMode Mode, IReadOnlyDictionary<string, long> Totals, IReadOnlyList<DestinationStatus> Destinations, EventStatus Events, JournalStatus? Journal);
