namespace AssetExport;

/// <summary>A difference between AEM and a destination.</summary>
internal sealed record ReconciliationFinding(FindingKind Kind, string Path, string Destination, string Detail, bool IsRepaired);
