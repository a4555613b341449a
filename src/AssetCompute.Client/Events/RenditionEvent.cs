using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace AssetCompute.Client;

/// <summary>The outcome of one rendition of a request: <see cref="RenditionCreated"/> or <see cref="RenditionFailed"/>.</summary>
/// <remarks>
/// Source: "Asynchronous events" of the API page. If Adobe's open worker writes a field in another form, both forms are read. A field that cannot be read has
/// its default here, and its JSON is in <see cref="CustomFields"/>.
/// </remarks>
public abstract record RenditionEvent : AdobeEvent
{
    private static readonly Rendition s_none = new();

    /// <summary>When the event was sent; null if the event does not contain it. A date without an offset is in UTC.</summary>
    [JsonPropertyName("date")]
    [JsonConverter(typeof(EventDate.Converter))]
    public DateTimeOffset? Date { get; init; }

    /// <summary>The id of the request, which is the same as its <c>x-request-id</c>. Empty if the event does not contain it.</summary>
    [JsonPropertyName("requestId")]
    public string RequestId { get; init => field = value ?? ""; } = "";

    /// <summary>The source of the request. Adobe's worker sends only its URL, even if the request had an object.</summary>
    [JsonPropertyName("source")]
    [JsonConverter(typeof(AssetSource.Converter))]
    public AssetSource? Source { get; init; }

    /// <summary>The user data of the request. The user data of the rendition is in <see cref="Rendition"/>.</summary>
    [JsonPropertyName("userData")]
    public JsonObject? UserData { get; init; }

    /// <summary>The rendition as it was requested. An event contains all of it except the target.</summary>
    [JsonPropertyName("rendition")]
    public Rendition Rendition { get; init => field = value ?? s_none; } = s_none;

    /// <summary>All other fields of the event, as on the wire. Returns a new copy each time. Null if there are none.</summary>
    [JsonIgnore]
    public JsonObject? CustomFields
    {
        get => ExtensibleModel.ToObject(ExtensionData);
        init => ExtensionData = ExtensibleModel.ToElements(value);
    }

    [JsonInclude]
    [JsonExtensionData]
    internal Dictionary<string, JsonElement>? ExtensionData { get; set; }
}
