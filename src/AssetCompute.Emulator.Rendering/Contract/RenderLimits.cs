namespace AssetCompute.Emulator.Rendering;

/// <summary>What a worker may take. The emulator passes it as the worker's first argument.</summary>
/// <param name="Folder">The worker's own folder for settings and temporary files. It deletes the folder when its input ends.</param>
/// <param name="MaxPixels">The most pixels of an image.</param>
/// <param name="MaxMemoryBytes">The most bytes of memory for pixels.</param>
internal sealed record RenderLimits(string Folder, long MaxPixels, long MaxMemoryBytes);
