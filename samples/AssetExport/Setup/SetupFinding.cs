namespace AssetExport;

/// <summary>The finding of a check.</summary>
/// <param name="Check">The name of the check, such as <c>token</c> or <c>destination 'archive'</c>.</param>
/// <param name="Result">The result.</param>
/// <param name="Seen">The observation, without secrets.</param>
/// <param name="Advice">What to do; null if there is nothing to do.</param>
internal sealed record SetupFinding(string Check, SetupResult Result, string Seen, string? Advice = null);
