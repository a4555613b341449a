namespace AssetCompute.Client;

/// <summary>How far the rendering of files is.</summary>
/// <param name="Stage">What is being done.</param>
/// <param name="Path">The path of the rendition's file; null for the source.</param>
/// <param name="Bytes">How many bytes were transferred so far; of a rendition that the service has finished, its size, or 0 where that is not known.</param>
/// <param name="TotalBytes">How many there are; null where that is not known.</param>
public sealed record RenderProgress(RenderStage Stage, string? Path, long Bytes, long? TotalBytes);
