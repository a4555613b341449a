using System.Text.Json.Serialization;

namespace AssetExport;

/// <summary>Reads the answers of Marketo.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(MarketoAnswer))]
internal sealed partial class MarketoJson : JsonSerializerContext;
