namespace AssetExport;

/// <summary>A file that a destination has under a name.</summary>
/// <param name="Size">The size in bytes; null if the destination does not say.</param>
public sealed record StoredExport(long? Size);
