namespace AssetExport;

/// <summary>The finding of a check. The advice is null if there is nothing to do.</summary>
internal sealed record SetupFinding(string Check, SetupResult Result, string Seen, string? Advice = null);
