using System.Text.Json.Serialization;

namespace AssetCompute.Client.Serialization;

/// <summary>The generated serialisation of everything that goes over the wire.</summary>
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ProcessRequest))]
[JsonSerializable(typeof(SavedJobs))]
internal sealed partial class AssetComputeJsonContext : JsonSerializerContext;
