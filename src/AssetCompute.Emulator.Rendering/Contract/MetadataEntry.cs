namespace AssetCompute.Emulator.Rendering;

/// <summary>A value that is embedded in a file, such as a tag of EXIF.</summary>
internal sealed record MetadataEntry(string Name, string Value);
