namespace AssetExport;

/// <summary>What is to become of a published asset at one destination.</summary>
/// <param name="Destination">The name of the destination; empty where the asset has none.</param>
/// <param name="State">Waiting, scheduled, failed or skipped.</param>
/// <param name="Reason">Why, where it is not exported.</param>
public sealed record PlannedExport(string Destination, ExportState State, string? Reason = null);
