using System.Text.Json.Serialization;

namespace AssetCompute.Emulator.Rendering;

/// <summary>The JSON that the emulator and the worker exchange.</summary>
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(RenderLimits))]
[JsonSerializable(typeof(RenderRequest))]
[JsonSerializable(typeof(RenderReply))]
internal sealed partial class RenderJson : JsonSerializerContext;
