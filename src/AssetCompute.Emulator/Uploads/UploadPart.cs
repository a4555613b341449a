namespace AssetCompute.Emulator;

/// <summary>A part of an upload, as a range of bytes of the rendition.</summary>
internal readonly record struct UploadPart(long Offset, long Length);
