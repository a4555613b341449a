using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace AssetCompute.Client;

/// <summary>A file that is just a URL is a string on the wire, any other an object.</summary>
internal sealed class ArchiveFileJsonConverter : JsonConverter<ArchiveFile>
{
    public override ArchiveFile? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => Read(ref reader);

    public override void Write(Utf8JsonWriter writer, ArchiveFile value, JsonSerializerOptions options) => Write(writer, value);

    public static ArchiveFile? Read(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.Null)
        {
            return null;
        }

        if (reader.TokenType == JsonTokenType.String)
        {
            return new ArchiveFile { Url = reader.GetString()! };
        }

        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw new JsonException("A file is a string or an object.");
        }

        string? url = null;
        string? path = null;
        JsonObject? customFields = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.TextIs("url"u8))
            {
                url = JsonFields.ReadString(ref reader);
            }
            else if (reader.TextIs("path"u8))
            {
                path = JsonFields.ReadString(ref reader);
            }
            else
            {
                JsonFields.Keep(ref reader, ref customFields);
            }
        }

        return new ArchiveFile { Url = url ?? "", Path = path, CustomFields = customFields };
    }

    public static void Write(Utf8JsonWriter writer, ArchiveFile value)
    {
        if (value is { Path: null, CustomFields: null })
        {
            writer.WriteStringValue(value.Url);
            return;
        }

        writer.WriteStartObject();
        writer.WriteString("url"u8, value.Url);
        if (value.Path is { } path)
        {
            writer.WriteString("path"u8, path);
        }

        JsonFields.Write(writer, value.CustomFields);
        writer.WriteEndObject();
    }
}
