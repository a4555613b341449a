namespace AssetExport;

/// <summary>An export that is not as it should be.</summary>
/// <param name="Kind">What is wrong.</param>
/// <param name="Path">The asset.</param>
/// <param name="Destination">The destination.</param>
/// <param name="Detail">What was seen.</param>
/// <param name="IsRepaired">Whether it is exported again.</param>
public sealed record ReconciliationFinding(FindingKind Kind, string Path, string Destination, string Detail, bool IsRepaired);
