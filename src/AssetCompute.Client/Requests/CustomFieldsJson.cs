using System.Text.Json;
using System.Text.Json.Nodes;

namespace AssetCompute.Client;

/// <summary>
/// Converts custom fields between the form that callers use and the form that the serializer keeps. The serializer cannot read extension data into a
/// <see cref="JsonObject"/> property that has an <c>init</c> accessor, so each model keeps a dictionary of elements.
/// </summary>
internal static class CustomFieldsJson
{
    private static readonly JsonDocumentOptions s_options = new() { MaxDepth = 256 };

    /// <summary>Returns the fields as a new object, or null when there are none.</summary>
    public static JsonObject? ToObject(Dictionary<string, JsonElement>? fields)
    {
        if (fields is null)
        {
            return null;
        }

        JsonObject copy = [];
        foreach (KeyValuePair<string, JsonElement> field in fields)
        {
            copy[field.Key] = ToNode(field.Value);
        }

        return copy;
    }

    /// <summary>Returns a copy of the fields, or null when there are none.</summary>
    public static Dictionary<string, JsonElement>? ToElements(JsonObject? fields) =>
        fields?.ToDictionary(static field => field.Key, static field => JsonElement.Parse(field.Value?.ToJsonString() ?? "null", s_options));

    private static JsonNode? ToNode(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => JsonObject.Create(value),
        JsonValueKind.Array => JsonArray.Create(value),
        _ => JsonValue.Create(value),
    };
}
