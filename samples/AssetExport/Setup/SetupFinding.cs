namespace AssetExport;

/// <summary>What one check found.</summary>
/// <param name="Check">What was checked, such as <c>token</c> or <c>destination 'archive'</c>.</param>
/// <param name="Result">The result.</param>
/// <param name="Seen">What was seen, without secrets.</param>
/// <param name="Advice">What to do; null if there is nothing to do.</param>
public sealed record SetupFinding(string Check, SetupResult Result, string Seen, string? Advice = null);
