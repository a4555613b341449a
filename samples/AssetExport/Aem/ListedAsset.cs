namespace AssetExport;

/// <summary>An asset in a listing of AEM.</summary>
/// <param name="Path">Its path.</param>
/// <param name="IsPublished">Whether it is published; null where AEM does not say.</param>
public sealed record ListedAsset(string Path, bool? IsPublished);
