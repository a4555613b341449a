namespace AssetExport;

/// <summary>What becomes of a published asset at one destination.</summary>
/// <param name="Destination">The name of the destination; empty if the asset has none.</param>
/// <param name="State">Waiting, scheduled, failed or skipped.</param>
/// <param name="Reason">Why, if it is not exported.</param>
/// <param name="Name">The name of the asset at the destination. Default: its path without the first slash.</param>
/// <param name="Why">What the decision rests on, for people.</param>
public sealed record PlannedExport(string Destination, ExportState State, string? Reason = null, string? Name = null, string? Why = null);
