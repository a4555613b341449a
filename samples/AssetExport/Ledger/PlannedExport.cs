namespace AssetExport;

/// <summary>The plan for a published asset at a destination.</summary>
/// <param name="Destination">The name of the destination; empty if the asset has none.</param>
/// <param name="State">Waiting, scheduled, failed or skipped.</param>
/// <param name="Reason">The reason, if the asset is not exported.</param>
/// <param name="Name">The name of the asset at the destination. Default: its path without the first slash.</param>
/// <param name="Why">The basis of the decision, for people to read.</param>
internal sealed record PlannedExport(string Destination, ExportState State, string? Reason = null, string? Name = null, string? Why = null);
