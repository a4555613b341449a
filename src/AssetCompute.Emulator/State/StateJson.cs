using System.Text.Json.Serialization;

namespace AssetCompute.Emulator;

/// <summary>The JSON of the values in the state, and of an asset in responses.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, IgnoreReadOnlyProperties = true,
    RespectRequiredConstructorParameters = true, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(Registration))]
[JsonSerializable(typeof(Job))]
[JsonSerializable(typeof(AemAsset))]
internal sealed partial class StateJson : JsonSerializerContext;
