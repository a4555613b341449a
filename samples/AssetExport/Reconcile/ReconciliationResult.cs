namespace AssetExport;

/// <summary>The result of a comparison. An asset is unknown if neither AEM nor the ledger knows whether it is published.</summary>
internal sealed record ReconciliationResult(IReadOnlyList<ReconciliationFinding> Findings, int Matching, int Pending, int Unknown)
{
    /// <summary>Whether there are no differences.</summary>
    public bool IsClean => Findings.Count == 0;
}
