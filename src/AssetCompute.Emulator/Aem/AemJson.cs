using System.Text.Json.Serialization;

namespace AssetCompute.Emulator;

/// <summary>An asset as JSON: a line of the state's log, and what the control endpoints answer.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(AemAsset))]
internal sealed partial class AemJson : JsonSerializerContext;
