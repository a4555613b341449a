using AssetCompute.Client;

namespace Quickstart;

/// <summary>The result of a rendition, and of the sample's comparison.</summary>
/// <param name="Event">The event from the service.</param>
/// <param name="Elapsed">The time from the request to the event.</param>
/// <param name="Content">The downloaded file; null if there is none.</param>
/// <param name="Problem">The problem; null if there is none.</param>
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
