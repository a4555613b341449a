namespace AssetCompute.Emulator;

/// <summary>The picture to lay over a rendition, and how much of the rendition it fills.</summary>
internal sealed record WatermarkInstructions(string Image, double Scale);
