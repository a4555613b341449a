namespace AssetCompute.Emulator.Rendering;

/// <summary>The size of an image in pixels.</summary>
internal sealed record PixelSize(long Width, long Height);
