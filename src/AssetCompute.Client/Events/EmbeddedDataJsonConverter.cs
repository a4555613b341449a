using System.Text.Json;
using System.Text.Json.Serialization;

namespace AssetCompute.Client;

internal sealed class EmbeddedDataJsonConverter : JsonConverter<EmbeddedData>
{
    public override EmbeddedData Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        EmbeddedData.TryCreate(reader.GetString(), out EmbeddedData? data) ? data : throw new JsonException("The value must be a data URI.");

    public override void Write(Utf8JsonWriter writer, EmbeddedData value, JsonSerializerOptions options) => writer.WriteStringValue(value.DataUri);
}
