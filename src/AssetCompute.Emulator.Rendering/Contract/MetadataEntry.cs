namespace AssetCompute.Emulator.Rendering;

/// <summary>A metadata value that is embedded in a file, such as an EXIF tag.</summary>
internal sealed record MetadataEntry(string Name, string Value);
