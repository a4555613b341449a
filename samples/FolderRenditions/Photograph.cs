using AssetCompute.Client;

namespace FolderRenditions;

/// <summary>A photograph with something to do.</summary>
/// <param name="Path">Where it is.</param>
/// <param name="Name">Its path within the folder.</param>
/// <param name="Missing">The renditions that are not there yet.</param>
internal sealed record Photograph(string Path, string Name, IReadOnlyList<FileRendition> Missing);
