using System.Text.Json.Serialization;

namespace AssetExport;

/// <summary>Reads the answers of Marketo.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(MarketoAnswer))]
[JsonSerializable(typeof(MarketoToken.Answer))]
internal sealed partial class MarketoJson : JsonSerializerContext;
