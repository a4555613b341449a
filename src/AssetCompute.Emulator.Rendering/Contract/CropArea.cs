namespace AssetCompute.Emulator.Rendering;

/// <summary>The part of the source that is rendered, in pixels of the source.</summary>
internal sealed record CropArea(double X, double Y, double Width, double Height);
