namespace AssetExport;

/// <summary>The decision of the rules for an asset, and its basis for people to read.</summary>
internal sealed record ExportDecision(IReadOnlyList<string> Destinations, bool IsImmediate, string Why);
