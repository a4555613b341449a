using System.Text.Json;
using System.Text.Json.Serialization;

namespace AssetCompute.Emulator;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    RespectRequiredConstructorParameters = true,
    RespectNullableAnnotations = true,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    ReadCommentHandling = JsonCommentHandling.Skip,
    AllowTrailingCommas = true,
    Converters = [typeof(NameConverter<EmulatorOperation>), typeof(NameConverter<EmulatorFaultConnection>)])]
[JsonSerializable(typeof(FaultScript))]
internal sealed partial class FaultScriptJson : JsonSerializerContext;
