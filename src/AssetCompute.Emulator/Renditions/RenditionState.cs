namespace AssetCompute.Emulator;

/// <summary>Where a rendition stands.</summary>
internal enum RenditionState
{
    Queued,
    Working,
    Created,
    Failed,
}
