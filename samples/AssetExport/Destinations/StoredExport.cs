namespace AssetExport;

/// <summary>What a destination has under a name.</summary>
/// <param name="Size">Its size in bytes; null where the destination does not say.</param>
public sealed record StoredExport(long? Size);
