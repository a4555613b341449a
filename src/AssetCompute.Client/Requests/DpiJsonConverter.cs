using System.Text.Json;
using System.Text.Json.Serialization;

namespace AssetCompute.Client;

/// <summary>Reads and writes a resolution as a number, or as an object with one number for each direction.</summary>
internal sealed class DpiJsonConverter : JsonConverter<Dpi>
{
    public override Dpi Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        JsonElement json = JsonElement.ParseValue(ref reader);
        double? both = Number(json);
        return (both ?? Number(json, "xdpi")) is { } x && (both ?? Number(json, "ydpi")) is { } y
            ? new Dpi(x, y)
            : throw new JsonException("A resolution must be a number, or an object with the numbers xdpi and ydpi.");
    }

    public override void Write(Utf8JsonWriter writer, Dpi value, JsonSerializerOptions options)
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

    private static double? Number(JsonElement json) => json.ValueKind == JsonValueKind.Number ? json.GetDouble() : null;

    private static double? Number(JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out JsonElement value) ? Number(value) : null;
}
