using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace AssetCompute.Client;

/// <summary>An object of the API that keeps fields without a property of their own, for a custom worker or a newer service.</summary>
public abstract record ExtensibleModel
{
    private protected ExtensibleModel()
    {
    }

    /// <summary>All other fields, as on the wire; a copy each time. Default: none.</summary>
    [JsonIgnore]
    public JsonObject? CustomFields
    {
        get => CustomFieldsJson.ToObject(ExtensionData);
        init => ExtensionData = CustomFieldsJson.ToElements(value);
    }

    [JsonInclude]
    [JsonExtensionData]
    internal Dictionary<string, JsonElement>? ExtensionData { get; set; }
}
