namespace AssetExport;

/// <summary>How many exports of a destination are in a state.</summary>
/// <param name="Destination">The destination; empty for assets without one.</param>
/// <param name="State">The state.</param>
/// <param name="Count">How many.</param>
public sealed record LedgerCount(string Destination, ExportState State, long Count);
