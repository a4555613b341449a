using System.Text.Json.Serialization;

namespace AssetCompute.Client.Serialization;

/// <summary>The generated serialisation of everything that goes over the wire.</summary>
/// <remarks>By metadata only: the generated fast path writes a <c>JsonObject</c> of extension data as a nested object.</remarks>
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(ProcessRequest))]
[JsonSerializable(typeof(Rendition))]
[JsonSerializable(typeof(AssetSource))]
[JsonSerializable(typeof(SavedJobs))]
internal sealed partial class AssetComputeJsonContext : JsonSerializerContext;
