namespace AssetCompute.Client;

/// <summary>The outcome of a request and its renditions.</summary>
public sealed record RenditionJobResult
{
    /// <summary>The id of the request.</summary>
    public required string RequestId { get; init; }

    /// <summary>The request, as it was passed in.</summary>
    public required ProcessRequest Request { get; init; }

    /// <summary>
    /// The events of the renditions, in the order of the request: one for each, unless <see cref="Error"/> says why some are missing.
    /// </summary>
    public required IReadOnlyList<RenditionEvent> Renditions { get; init; }

    /// <summary>
    /// Why the job ended before all its events came: the request was refused, or not all events came in time. Or, when all events are there, why a rendition
    /// that was too large could not be requested again: its failure is then its event. Null otherwise; a rendition that failed is not an error of the job.
    /// </summary>
    public Exception? Error { get; init; }

    /// <summary>Whether every rendition that was requested was created.</summary>
    public bool Succeeded => Error is null && Renditions.Count >= Request.Renditions.Count && Renditions.All(static rendition => rendition is RenditionCreated);

    /// <summary>Returns a text for logs: the request, how many renditions were created, the error, and which signed URLs of failed renditions had expired.</summary>
    public override string ToString()
    {
        // Events in the order of the request tell the target of each only where none is missing.
        bool isWhole = Renditions.Count == Request.Renditions.Count;
        string hints = string.Join("; ", Renditions.Select((rendition, index) => (rendition as RenditionFailed)?.Hint(isWhole ? Request.Renditions[index].Target : null)).Where(static hint => hint is not null).Distinct());
        return $"{nameof(RenditionJobResult)} {{ RequestId = {RequestId}, Created = {Renditions.Count(static rendition => rendition is RenditionCreated)} of {Request.Renditions.Count}, Error = {Error?.Message}{(hints.Length > 0 ? $", Hint = {hints}" : null)} }}";
    }
}
