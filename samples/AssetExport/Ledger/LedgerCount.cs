namespace AssetExport;

/// <summary>The number of exports of a destination in a state.</summary>
/// <param name="Destination">The destination; empty for assets without one.</param>
/// <param name="State">The state.</param>
/// <param name="Count">The number of exports.</param>
internal sealed record LedgerCount(string Destination, ExportState State, long Count);
