namespace AssetExport;

/// <summary>The number of exports in a state. The destination is empty for assets without one.</summary>
internal sealed record LedgerCount(string Destination, ExportState State, long Count);
