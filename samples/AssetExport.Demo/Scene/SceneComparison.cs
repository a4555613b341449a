namespace AssetExport.Demo;

/// <summary>What the destinations have, compared with AEM byte for byte.</summary>
/// <param name="Expected">How many exports there should be.</param>
/// <param name="Matching">How many are there with the SHA-1 that the asset has in AEM, by destination.</param>
/// <param name="Bytes">How many bytes were compared.</param>
/// <param name="Missing">What is not there.</param>
/// <param name="Different">What has other bytes.</param>
/// <param name="Duplicates">What is there twice, or was asked for by nobody.</param>
internal sealed record SceneComparison(
    int Expected, IReadOnlyDictionary<string, int> Matching, long Bytes, IReadOnlyList<string> Missing, IReadOnlyList<string> Different, IReadOnlyList<string> Duplicates)
{
    public bool IsClean => Missing.Count + Different.Count + Duplicates.Count == 0 && Matching.Values.Sum() == Expected;
}
