using AssetCompute.Client;

namespace Quickstart;

/// <summary>What became of one rendition, and what the sample found when it looked.</summary>
/// <param name="Event">What the service said.</param>
/// <param name="Elapsed">The time from the request to the event.</param>
/// <param name="Content">The file as it was downloaded; null where there is none.</param>
/// <param name="Problem">What is not as it should be; null where all is well.</param>
internal sealed record RenditionOutcome(RenditionEvent Event, TimeSpan Elapsed, byte[]? Content, string? Problem)
{
    public string Name => Event.Rendition.Name!;

    public RenditionMetadata? Metadata => (Event as RenditionCreated)?.Metadata;

    public string Status => Event switch
    {
        RenditionCreated when Problem is null => "created",
        RenditionCreated => "differs",
        _ => "failed",
    };
}
