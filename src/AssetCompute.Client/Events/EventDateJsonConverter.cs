using System.Text.Json;
using System.Text.Json.Serialization;

namespace AssetCompute.Client;

internal sealed class EventDateJsonConverter : JsonConverter<DateTimeOffset?>
{
    public override DateTimeOffset? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.Null ? null
        : reader.TokenType == JsonTokenType.String && EventDate.Parse(reader.GetString()!) is { } date ? date
        : throw new JsonException("The value must be an ISO 8601 date.");

    public override void Write(Utf8JsonWriter writer, DateTimeOffset? value, JsonSerializerOptions options)
    {
        if (value is { } date)
        {
            writer.WriteStringValue(date);
        }
        else
        {
            writer.WriteNullValue();
        }
    }
}
