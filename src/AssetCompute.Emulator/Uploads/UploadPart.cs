namespace AssetCompute.Emulator;

/// <summary>One part of an upload, in bytes of the rendition.</summary>
internal readonly record struct UploadPart(long Offset, long Length);
