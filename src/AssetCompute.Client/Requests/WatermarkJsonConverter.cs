using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace AssetCompute.Client;

internal sealed class WatermarkJsonConverter : JsonConverter<Watermark>
{
    public override Watermark? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => Read(ref reader);

    public override void Write(Utf8JsonWriter writer, Watermark value, JsonSerializerOptions options) => Write(writer, value);

    public static Watermark Read(ref Utf8JsonReader reader)
    {
        string? image = null;
        double? scale = null;
        JsonObject? customFields = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            Utf8JsonReader field = reader;
            bool known = reader.TextIs("image"u8) ? JsonFields.TryReadString(ref reader, out image)
                : reader.TextIs("scale"u8) && JsonFields.TryReadDouble(ref reader, out scale);
            if (!known)
            {
                reader = field;
                JsonFields.Keep(ref reader, ref customFields);
            }
        }

        return new Watermark { Image = image ?? "", Scale = scale, CustomFields = customFields };
    }

    public static void Write(Utf8JsonWriter writer, Watermark value)
    {
        writer.WriteStartObject();
        writer.WriteString("image"u8, value.Image);
        if (value.Scale is { } scale)
        {
            writer.WriteNumber("scale"u8, scale);
        }

        JsonFields.Write(writer, value.CustomFields);
        writer.WriteEndObject();
    }
}
