namespace AssetExport;

/// <summary>One content of one asset.</summary>
/// <param name="Path">The path of the asset.</param>
/// <param name="Version">What identifies the content: its SHA-1 where AEM knows it.</param>
/// <param name="Size">The size in bytes; null where AEM does not say.</param>
/// <param name="Sha1">The SHA-1; null where AEM does not say.</param>
public sealed record AssetVersion(string Path, string Version, long? Size, string? Sha1);
