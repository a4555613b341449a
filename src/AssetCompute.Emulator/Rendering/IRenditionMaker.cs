namespace AssetCompute.Emulator;

/// <summary>Makes renditions in one or more formats.</summary>
internal interface IRenditionMaker
{
    bool Makes(string format);

    /// <exception cref="RenditionFailure">The rendition cannot be made.</exception>
    /// <exception cref="DownloadException">A required file could not be fetched.</exception>
    Task<RenditionContent> MakeAsync(RenditionTask rendition, JobWorkspace workspace, CancellationToken cancellationToken);
}
