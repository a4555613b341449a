namespace AssetCompute.Emulator;

/// <summary>The watermark's file, and the size it is drawn at.</summary>
internal sealed record WatermarkInput(string Path, int Width, int Height);
