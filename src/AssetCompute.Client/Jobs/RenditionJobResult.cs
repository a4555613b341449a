namespace AssetCompute.Client;

/// <summary>The outcome of a request and its renditions.</summary>
public sealed record RenditionJobResult
{
    /// <summary>The id of the request.</summary>
    public required string RequestId { get; init; }

    /// <summary>The request, as the caller passed it in.</summary>
    public required ProcessRequest Request { get; init; }

    /// <summary>The events of the renditions, in the order of the request. There is one for each rendition, unless <see cref="Error"/> is set.</summary>
    public required IReadOnlyList<RenditionEvent> Renditions { get; init; }

    /// <summary>
    /// Why the job ended before all its events arrived: the request was refused, or it timed out. Null otherwise; a failed rendition is not an error of the
    /// job.
    /// </summary>
    public Exception? Error { get; init; }

    /// <summary>Whether every requested rendition was created.</summary>
    public bool Succeeded => Error is null && Renditions.Count >= Request.Renditions.Count && Renditions.All(static rendition => rendition is RenditionCreated);

    /// <summary>
    /// Returns a text for logs: the request, the number of created renditions, the error, and which signed URLs of failed renditions had expired.
    /// </summary>
    public override string ToString()
    {
        // If no event is missing, the order of the request gives the target of each event.
        bool isWhole = Renditions.Count == Request.Renditions.Count;
        string hints = string.Join("; ", Renditions.Select((rendition, index) => (rendition as RenditionFailed)?.Hint(isWhole ? Request.Renditions[index].Target : null)).Where(static hint => hint is not null).Distinct());
        return $"{nameof(RenditionJobResult)} {{ RequestId = {RequestId}, Created = {Renditions.Count(static rendition => rendition is RenditionCreated)} of {Request.Renditions.Count}, Error = {Error?.Message}{(hints.Length > 0 ? $", Hint = {hints}" : null)} }}";
    }
}
