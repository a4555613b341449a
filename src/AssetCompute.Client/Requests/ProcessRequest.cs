using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace AssetCompute.Client;

/// <summary>One asset and the renditions to create from it: the body of <c>POST /process</c>.</summary>
/// <remarks>Source: "Process request JSON" of the Asset Compute Service HTTP API page.</remarks>
public sealed record ProcessRequest : ExtensibleModel
{
    /// <summary>
    /// The asset to process. Default: none, which the service allows only if the format of the rendition needs no source, such as
    /// <see cref="RenditionFormat.Zip"/>.
    /// </summary>
    [JsonPropertyName("source")]
    [JsonConverter(typeof(AssetSource.Converter))]
    public AssetSource? Source { get; init; }

    /// <summary>
    /// The renditions to create from the source: at least one, each with its own target. The result of a job has one event for each, in this order.
    /// </summary>
    [JsonPropertyName("renditions")]
    public required IReadOnlyList<Rendition> Renditions { get; init; }

    /// <summary>
    /// The caller's own data for the whole request, returned unchanged in every event. Default: none. The key
    /// <c>assetComputeClient</c> is reserved: clients of the service recognize their events by it.
    /// </summary>
    /// <remarks>
    /// The API page documents user data only for each rendition; the service's open source returns both. For data that must be returned, use
    /// <see cref="Rendition.UserData"/>.
    /// </remarks>
    [JsonPropertyName("userData")]
    public JsonObject? UserData { get; init; }

    /// <summary>
    /// The id of this request in the service, its events and its support: the <c>x-request-id</c> header, which is not part of the body. All attempts of a
    /// call have the same id. Default: a new id.
    /// </summary>
    [JsonIgnore]
    public string? RequestId { get; init; }

    private protected override string Describe() => $"{nameof(ProcessRequest)} {{ RequestId = {RequestId}, Source = {Source}, Renditions = {Renditions.Count} }}";
}
