namespace AssetExport;

/// <summary>The decision of the rules for an asset.</summary>
/// <param name="Destinations">The destinations; empty if there are none.</param>
/// <param name="IsImmediate">Whether the asset is exported immediately.</param>
/// <param name="Why">The basis of the decision, for people to read.</param>
internal sealed record ExportDecision(IReadOnlyList<string> Destinations, bool IsImmediate, string Why);
