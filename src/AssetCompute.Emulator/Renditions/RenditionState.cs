namespace AssetCompute.Emulator;

/// <summary>The state of a rendition.</summary>
internal enum RenditionState
{
    Queued,
    Working,
    Created,
    Failed,
}
