using System.Text.Json.Serialization;

namespace AssetCompute.Emulator;

/// <summary>The JSON of the values in the state.</summary>
[JsonSourceGenerationOptions(RespectRequiredConstructorParameters = true, RespectNullableAnnotations = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Registration))]
[JsonSerializable(typeof(AcceptedJob))]
[JsonSerializable(typeof(TokenRevocation))]
internal sealed partial class StateJson : JsonSerializerContext;
