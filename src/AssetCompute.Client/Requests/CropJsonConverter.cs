using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace AssetCompute.Client;

internal sealed class CropJsonConverter : JsonConverter<Crop>
{
    public override Crop? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => Read(ref reader);

    public override void Write(Utf8JsonWriter writer, Crop value, JsonSerializerOptions options) => Write(writer, value);

    public static Crop Read(ref Utf8JsonReader reader)
    {
        int? x = null;
        int? y = null;
        int? width = null;
        int? height = null;
        JsonObject? customFields = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            Utf8JsonReader field = reader;
            bool known = reader.TextIs("x"u8) ? JsonFields.TryReadInt32(ref reader, out x)
                : reader.TextIs("y"u8) ? JsonFields.TryReadInt32(ref reader, out y)
                : reader.TextIs("w"u8) ? JsonFields.TryReadInt32(ref reader, out width)
                : reader.TextIs("h"u8) && JsonFields.TryReadInt32(ref reader, out height);
            if (!known)
            {
                reader = field;
                JsonFields.Keep(ref reader, ref customFields);
            }
        }

        return new Crop { X = x ?? 0, Y = y ?? 0, Width = width ?? 0, Height = height ?? 0, CustomFields = customFields };
    }

    public static void Write(Utf8JsonWriter writer, Crop value)
    {
        writer.WriteStartObject();
        writer.WriteNumber("x"u8, value.X);
        writer.WriteNumber("y"u8, value.Y);
        writer.WriteNumber("w"u8, value.Width);
        writer.WriteNumber("h"u8, value.Height);
        JsonFields.Write(writer, value.CustomFields);
        writer.WriteEndObject();
    }
}
