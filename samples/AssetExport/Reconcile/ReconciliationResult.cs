namespace AssetExport;

/// <summary>How AEM and the destinations compare.</summary>
/// <param name="Findings">What is not as it should be.</param>
/// <param name="Matching">How many exports are as they should be.</param>
/// <param name="Pending">How many are still to be made.</param>
/// <param name="Unknown">How many assets were left out, since neither AEM nor the ledger says that they are published.</param>
public sealed record ReconciliationResult(IReadOnlyList<ReconciliationFinding> Findings, int Matching, int Pending, int Unknown)
{
    /// <summary>Whether nothing was found.</summary>
    public bool IsClean => Findings.Count == 0;
}
