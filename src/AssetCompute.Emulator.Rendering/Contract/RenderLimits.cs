namespace AssetCompute.Emulator.Rendering;

/// <summary>The resource limits of a worker. The emulator passes them as the worker's first argument.</summary>
/// <param name="Folder">The worker's own folder for settings and temporary files. It deletes the folder when its input ends.</param>
/// <param name="MaxPixels">The maximum number of pixels of an image.</param>
/// <param name="MaxMemoryBytes">The maximum number of bytes of memory for pixels.</param>
internal sealed record RenderLimits(string Folder, long MaxPixels, long MaxMemoryBytes);
