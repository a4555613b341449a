namespace AssetExport;

/// <summary>The result of comparing AEM with the destinations.</summary>
/// <param name="Findings">The differences.</param>
/// <param name="Matching">The number of exports without differences.</param>
/// <param name="Pending">The number of exports that are not done yet.</param>
/// <param name="Unknown">The number of assets that were left out, because neither AEM nor the ledger knows whether they are published.</param>
internal sealed record ReconciliationResult(IReadOnlyList<ReconciliationFinding> Findings, int Matching, int Pending, int Unknown)
{
    /// <summary>Whether there are no differences.</summary>
    public bool IsClean => Findings.Count == 0;
}
