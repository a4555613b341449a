namespace AssetCompute.Emulator;

/// <summary>Makes renditions of some formats.</summary>
internal interface IRenditionMaker
{
    bool Makes(string format);

    /// <exception cref="RenditionFailure">The rendition cannot be made.</exception>
    /// <exception cref="DownloadException">Something that it needs could not be fetched.</exception>
    Task<RenditionContent> MakeAsync(RenditionTask rendition, JobWorkspace workspace, CancellationToken cancellationToken);
}
