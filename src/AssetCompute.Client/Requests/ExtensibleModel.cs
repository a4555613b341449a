using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace AssetCompute.Client;

/// <summary>An object of the API that keeps fields without a property, for a custom worker or a newer service.</summary>
public abstract record ExtensibleModel
{
    private static readonly JsonDocumentOptions s_options = new() { MaxDepth = 256 };

    private protected ExtensibleModel()
    {
    }

    /// <summary>All other fields, as on the wire. Returns a new copy each time. Default: none.</summary>
    [JsonIgnore]
    public JsonObject? CustomFields
    {
        get => ToObject(ExtensionData);
        init => ExtensionData = ToElements(value);
    }

    // The serializer cannot read extension data into a JsonObject property that has an init accessor.
    [JsonInclude]
    [JsonExtensionData]
    internal Dictionary<string, JsonElement>? ExtensionData { get; set; }

    /// <summary>Returns a text for logs, without signatures and other secrets, and without custom fields, which may be of any length.</summary>
    public sealed override string ToString() => Describe();

    private protected abstract string Describe();

    /// <summary>Returns the fields as a new object; null if there are none.</summary>
    internal static JsonObject? ToObject(Dictionary<string, JsonElement>? fields) =>
        fields is null ? null : new JsonObject(fields.Select(static field => new KeyValuePair<string, JsonNode?>(field.Key, ToNode(field.Value))));

    /// <summary>Returns a copy of the fields; null if there are none.</summary>
    internal static Dictionary<string, JsonElement>? ToElements(JsonObject? fields) =>
        fields?.ToDictionary(static field => field.Key, static field => JsonElement.Parse(field.Value?.ToJsonString() ?? "null", s_options));

    private static JsonNode? ToNode(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => JsonObject.Create(value),
        JsonValueKind.Array => JsonArray.Create(value),
        _ => JsonValue.Create(value),
    };
}
