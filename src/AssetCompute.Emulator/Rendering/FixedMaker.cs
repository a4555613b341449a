namespace AssetCompute.Emulator;

/// <summary>Makes the same small rendition for every source, without reading the source. For load tests.</summary>
internal sealed class FixedMaker : IRenditionMaker
{
    /// <summary>One transparent pixel, 70 bytes.</summary>
    private static readonly byte[] Pixel = Convert.FromBase64String(
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==");

    public bool Makes(string format) => MediaTypes.OfImageFormat(format) is not null || format is "text" or "xmp" or "zip";

    public Task<RenditionContent> MakeAsync(RenditionTask rendition, JobWorkspace workspace, CancellationToken cancellationToken) =>
        Task.FromResult(RenditionContent.OfBytes(Pixel, "image/png"));
}
