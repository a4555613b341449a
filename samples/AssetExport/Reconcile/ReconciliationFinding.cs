namespace AssetExport;

/// <summary>A difference between AEM and a destination.</summary>
/// <param name="Kind">The kind of difference.</param>
/// <param name="Path">The asset.</param>
/// <param name="Destination">The destination.</param>
/// <param name="Detail">The details.</param>
/// <param name="IsRepaired">Whether the asset is exported again.</param>
internal sealed record ReconciliationFinding(FindingKind Kind, string Path, string Destination, string Detail, bool IsRepaired);
