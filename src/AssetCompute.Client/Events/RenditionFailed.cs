using AssetCompute.Client.Diagnostics;

namespace AssetCompute.Client;

/// <summary>
/// A rendition could not be made or not be uploaded.
/// </summary>
public sealed record RenditionFailed : RenditionEvent
{
    internal const string TypeName = "rendition_failed";
    private const int MaxShownCharacters = 1000;

    /// <summary><c>rendition_failed</c>.</summary>
    public override string Type { get; init; } = TypeName;

    /// <summary>Why: one of an open set.</summary>
    public RenditionFailureReason Reason { get; init; }

    /// <summary>
    /// More about the failure, in the service's words, which may quote signed URLs; null where it gave none. <see cref="ToString"/> shows it
    /// without their signatures.
    /// </summary>
    public string? Message { get; init; }

    /// <summary>What is known of the file, where the service says anything of it; null otherwise.</summary>
    /// <remarks>The API page promises the size here after <see cref="RenditionFailureReason.RenditionTooLarge"/>; Adobe's worker sends none.</remarks>
    public RenditionMetadata? Metadata { get; init; }

    /// <summary>A text for logs: the request, the rendition and why it failed.</summary>
    public override string ToString() =>
        $"{nameof(RenditionFailed)} {{ RequestId = {RequestId}, Rendition = {Rendition}, Reason = {Reason}, Message = {(Message is null ? null : RedactedText.Of(Message, MaxShownCharacters))} }}";
}
