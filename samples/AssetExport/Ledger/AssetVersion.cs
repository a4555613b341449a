namespace AssetExport;

/// <summary>A version of an asset's content: its SHA-1 if AEM knows it. The size in bytes and the SHA-1 are null if AEM does not say.</summary>
internal sealed record AssetVersion(string Path, string Version, long? Size, string? Sha1);
