using System.Text.Json.Serialization;
using AssetCompute.Client.Storage;

namespace AssetCompute.Client.Serialization;

/// <summary>The generated serialization of all types that are sent, received or saved.</summary>
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ProcessRequest))]
[JsonSerializable(typeof(AssetSource))]
[JsonSerializable(typeof(RenditionTarget))]
[JsonSerializable(typeof(ArchiveFile))]
[JsonSerializable(typeof(RenditionCreated))]
[JsonSerializable(typeof(RenditionFailed))]
[JsonSerializable(typeof(RenditionJobsSnapshot.Saved))]
[JsonSerializable(typeof(RenderState.Entry))]
internal sealed partial class AssetComputeJsonContext : JsonSerializerContext;
