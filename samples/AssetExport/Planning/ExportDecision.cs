namespace AssetExport;

/// <summary>What the rules say of an asset.</summary>
/// <param name="Destinations">Where it goes; empty if nowhere.</param>
/// <param name="IsImmediate">Whether it is exported at once.</param>
/// <param name="Why">What the decision rests on, for people.</param>
internal sealed record ExportDecision(IReadOnlyList<string> Destinations, bool IsImmediate, string Why);
