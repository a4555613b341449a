using System.Text.Json.Serialization;

namespace AssetCompute.Emulator;

/// <summary>The JSON of an asset, in the state log and in the responses of the control endpoints.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(AemAsset))]
internal sealed partial class AemJson : JsonSerializerContext;
