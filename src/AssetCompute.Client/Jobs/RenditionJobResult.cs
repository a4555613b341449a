namespace AssetCompute.Client;

/// <summary>What became of a request and its renditions.</summary>
public sealed record RenditionJobResult
{
    /// <summary>The id of the request.</summary>
    public required string RequestId { get; init; }

    /// <summary>The request, as it was handed in.</summary>
    public required ProcessRequest Request { get; init; }

    /// <summary>
    /// The events of the renditions, in the order of the request: one for each, unless <see cref="Error"/> says why some are missing.
    /// </summary>
    public required IReadOnlyList<RenditionEvent> Renditions { get; init; }

    /// <summary>
    /// Why the job has ended before all its events came: the request was refused, or did not get all its events in time. Or, with all its events there, why a rendition
    /// that was too large could not be asked for once more: its failure is then its event. Null otherwise; a rendition that failed is no error of the job.
    /// </summary>
    public Exception? Error { get; init; }

    /// <summary>Whether every rendition was created.</summary>
    public bool Succeeded => Error is null && Renditions.All(rendition => rendition is RenditionCreated);

    /// <summary>A text for logs: the request, how many renditions were created, and the error.</summary>
    public override string ToString() =>
        $"{nameof(RenditionJobResult)} {{ RequestId = {RequestId}, Created = {Renditions.Count(rendition => rendition is RenditionCreated)} of {Request.Renditions.Count}, Error = {Error?.Message} }}";
}
