namespace AssetExport.Demo;

/// <summary>The result of comparing the destinations with AEM, byte by byte.</summary>
/// <param name="Expected">The expected number of exports.</param>
/// <param name="Matching">The number of exports with the same SHA-1 as in AEM, by destination.</param>
/// <param name="Bytes">The number of bytes that were compared.</param>
/// <param name="Missing">The missing files.</param>
/// <param name="Different">The files with different bytes.</param>
/// <param name="Duplicates">The duplicate and unexpected files.</param>
internal sealed record SceneComparison(
    int Expected, IReadOnlyDictionary<string, int> Matching, long Bytes, IReadOnlyList<string> Missing, IReadOnlyList<string> Different, IReadOnlyList<string> Duplicates)
{
    public bool IsClean => Missing.Count + Different.Count + Duplicates.Count == 0 && Matching.Values.Sum() == Expected;
}
