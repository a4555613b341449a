using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace AssetCompute.Client;

/// <summary>A source that is just a URL is a string on the wire, any other an object.</summary>
internal sealed class AssetSourceJsonConverter : JsonConverter<AssetSource>
{
    public override AssetSource? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => Read(ref reader);

    public override void Write(Utf8JsonWriter writer, AssetSource value, JsonSerializerOptions options) => Write(writer, value);

    public static AssetSource? Read(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.Null)
        {
            return null;
        }

        if (reader.TokenType == JsonTokenType.String)
        {
            return new AssetSource { Url = reader.GetString()! };
        }

        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw new JsonException("A source is a string or an object.");
        }

        string? url = null;
        string? name = null;
        string? mimeType = null;
        long? size = null;
        Dictionary<string, string>? headers = null;
        JsonObject? customFields = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.TextIs("url"u8))
            {
                url = JsonFields.ReadString(ref reader);
            }
            else if (reader.TextIs("name"u8))
            {
                name = JsonFields.ReadString(ref reader);
            }
            else if (reader.TextIs("size"u8))
            {
                size = JsonFields.ReadInt64(ref reader);
            }
            else if (reader.TextIs("mimetype"u8) || reader.TextIs("mimeType"u8) || reader.TextIs("type"u8))
            {
                mimeType = JsonFields.ReadString(ref reader);
            }
            else if (reader.TextIs("headers"u8))
            {
                headers = ReadHeaders(ref reader);
            }
            else
            {
                JsonFields.Keep(ref reader, ref customFields);
            }
        }

        return new AssetSource { Url = url ?? "", Name = name, Size = size, MimeType = mimeType, Headers = headers, CustomFields = customFields };
    }

    public static void Write(Utf8JsonWriter writer, AssetSource value)
    {
        if (value is { Name: null, Size: null, MimeType: null, Headers: null, CustomFields: null })
        {
            writer.WriteStringValue(value.Url);
            return;
        }

        writer.WriteStartObject();
        writer.WriteString("url"u8, value.Url);
        if (value.Name is { } name)
        {
            writer.WriteString("name"u8, name);
        }

        if (value.Size is { } size)
        {
            writer.WriteNumber("size"u8, size);
        }

        if (value.MimeType is { } mimeType)
        {
            writer.WriteString("mimetype"u8, mimeType);
        }

        if (value.Headers is { } headers)
        {
            writer.WriteStartObject("headers"u8);
            foreach (KeyValuePair<string, string> header in headers)
            {
                writer.WriteString(header.Key, header.Value);
            }

            writer.WriteEndObject();
        }

        JsonFields.Write(writer, value.CustomFields);
        writer.WriteEndObject();
    }

    private static Dictionary<string, string>? ReadHeaders(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.Null)
        {
            return null;
        }

        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw new JsonException("The headers of a source are an object.");
        }

        Dictionary<string, string> headers = new(StringComparer.OrdinalIgnoreCase);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string name = reader.GetString()!;
            headers[name] = JsonFields.ReadString(ref reader) ?? "";
        }

        return headers;
    }
}
