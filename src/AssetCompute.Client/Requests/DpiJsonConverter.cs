using System.Text.Json;
using System.Text.Json.Serialization;

namespace AssetCompute.Client;

/// <summary>A number on the wire, or a pair of them.</summary>
internal sealed class DpiJsonConverter : JsonConverter<Dpi>
{
    public override Dpi Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => Read(ref reader);

    public override void Write(Utf8JsonWriter writer, Dpi value, JsonSerializerOptions options) => Write(writer, value);

    public static Dpi Read(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.Number)
        {
            return new Dpi(reader.GetDouble());
        }

        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw new JsonException("A resolution is a number or an object.");
        }

        double x = 0;
        double y = 0;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            bool isX = reader.TextIs("xdpi"u8);
            bool isY = reader.TextIs("ydpi"u8);
            reader.Read();
            if (isX)
            {
                x = reader.GetDouble();
            }
            else if (isY)
            {
                y = reader.GetDouble();
            }
            else
            {
                reader.Skip();
            }
        }

        return new Dpi(x, y);
    }

    public static void Write(Utf8JsonWriter writer, Dpi value)
    {
        if (value.X.Equals(value.Y))
        {
            writer.WriteNumberValue(value.X);
            return;
        }

        writer.WriteStartObject();
        writer.WriteNumber("xdpi"u8, value.X);
        writer.WriteNumber("ydpi"u8, value.Y);
        writer.WriteEndObject();
    }
}
