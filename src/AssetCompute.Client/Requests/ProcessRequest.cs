using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace AssetCompute.Client;

/// <summary>
/// One asset and the renditions wanted of it: the body of <c>POST /process</c>.
/// </summary>
/// <remarks>
/// Source: "Process request JSON" of the Asset Compute Service HTTP API page. Fields this type does not know are kept in
/// <see cref="CustomFields"/>, in both directions.
/// </remarks>
[JsonConverter(typeof(ProcessRequestJsonConverter))]
public sealed record ProcessRequest
{
    /// <summary>
    /// The asset to process. Default: none, which the service allows only where the rendition's format needs no source,
    /// such as <see cref="RenditionFormat.Zip"/>.
    /// </summary>
    public AssetSource? Source { get; init; }

    /// <summary>The renditions to make of the source: at least one. The result of a job has one event for each, in this order.</summary>
    public required IReadOnlyList<Rendition> Renditions { get; init; }

    /// <summary>
    /// The caller's own data for the whole request, echoed as it is in every event. Default: none. The key
    /// <c>assetComputeClient</c> is reserved: clients of the service recognise their events by it.
    /// </summary>
    /// <remarks>
    /// The API page documents user data for each rendition only; the service's open source echoes both. Data that must come back is
    /// safest in <see cref="Rendition.UserData"/>.
    /// </remarks>
    public JsonObject? UserData { get; init; }

    /// <summary>
    /// The id under which the service, its events and its support know this request: the <c>x-request-id</c> header, not part of the
    /// body. Default: none, and then the client makes a new one. Every attempt of one call bears the same id.
    /// </summary>
    public string? RequestId { get; init; }

    /// <summary>Every other field of the body, as it is on the wire. Default: none.</summary>
    public JsonObject? CustomFields { get; init; }

    /// <summary>
    /// The client that marks the request and its renditions while they are written, so that each event finds its place again. As Adobe's
    /// Node client does it, so that both can share a journal: each passes the other's events by. Null for a request without marks.
    /// </summary>
    internal string? MarkedBy { get; init; }

    /// <summary>A text for logs: the request id, the source without its query string, and how many renditions are asked for.</summary>
    public override string ToString() =>
        $"{nameof(ProcessRequest)} {{ RequestId = {RequestId}, Source = {Source}, Renditions = {Renditions.Count} }}";
}
