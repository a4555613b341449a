namespace AssetExport;

/// <summary>An asset in a listing of AEM. Whether it is published is null if AEM does not say.</summary>
internal sealed record ListedAsset(string Path, bool? IsPublished);
