namespace AssetCompute.Emulator;

/// <summary>The file that ImageMagick reads: by which of its coders, and how large to draw it when it has no pixels of its own.</summary>
internal sealed record ImageInput(string Coder, string Path, string? SizeHint = null);
