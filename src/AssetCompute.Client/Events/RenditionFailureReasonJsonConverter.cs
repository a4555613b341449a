using System.Text.Json;
using System.Text.Json.Serialization;

namespace AssetCompute.Client;

internal sealed class RenditionFailureReasonJsonConverter : JsonConverter<RenditionFailureReason>
{
    public override bool HandleNull => true;

    public override RenditionFailureReason Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.GetString() is { Length: > 0 } value ? new RenditionFailureReason(value) : default;

    public override void Write(Utf8JsonWriter writer, RenditionFailureReason value, JsonSerializerOptions options) => writer.WriteStringValue(value.Value);
}
