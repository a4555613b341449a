namespace AssetExport;

/// <summary>A version of an asset's content.</summary>
/// <param name="Path">The path of the asset.</param>
/// <param name="Version">The identifier of the content: its SHA-1 if AEM knows it.</param>
/// <param name="Size">The size in bytes; null if AEM does not say.</param>
/// <param name="Sha1">The SHA-1; null if AEM does not say.</param>
internal sealed record AssetVersion(string Path, string Version, long? Size, string? Sha1);
