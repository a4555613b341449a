namespace AssetExport;

/// <summary>An asset in a listing of AEM.</summary>
/// <param name="Path">The path of the asset.</param>
/// <param name="IsPublished">Whether the asset is published; null if AEM does not say.</param>
internal sealed record ListedAsset(string Path, bool? IsPublished);
