using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace AssetCompute.Client;

/// <summary>One URL is a string on the wire, parts are an object.</summary>
internal sealed class RenditionTargetJsonConverter : JsonConverter<RenditionTarget>
{
    public override RenditionTarget? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => Read(ref reader);

    public override void Write(Utf8JsonWriter writer, RenditionTarget value, JsonSerializerOptions options) => Write(writer, value);

    public static RenditionTarget? Read(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.Null)
        {
            return null;
        }

        if (reader.TokenType == JsonTokenType.String)
        {
            return reader.GetString() is { Length: > 0 } url ? new RenditionTarget(url) : null;
        }

        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw new JsonException("A target is a string or an object.");
        }

        List<string> urls = [];
        long? minPartSize = null;
        long? maxPartSize = null;
        JsonObject? customFields = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.TextIs("urls"u8))
            {
                ReadUrls(ref reader, urls);
            }
            else if (reader.TextIs("minPartSize"u8))
            {
                minPartSize = JsonFields.ReadInt64(ref reader);
            }
            else if (reader.TextIs("maxPartSize"u8))
            {
                maxPartSize = JsonFields.ReadInt64(ref reader);
            }
            else
            {
                JsonFields.Keep(ref reader, ref customFields);
            }
        }

        return new RenditionTarget(urls, maxPartSize, minPartSize, customFields);
    }

    public static void Write(Utf8JsonWriter writer, RenditionTarget value)
    {
        if (value.Url is { } url)
        {
            writer.WriteStringValue(url);
            return;
        }

        writer.WriteStartObject();
        writer.WriteStartArray("urls"u8);
        foreach (string part in value.Urls)
        {
            writer.WriteStringValue(part);
        }

        writer.WriteEndArray();
        if (value.MinPartSize is { } minPartSize)
        {
            writer.WriteNumber("minPartSize"u8, minPartSize);
        }

        if (value.MaxPartSize is { } maxPartSize)
        {
            writer.WriteNumber("maxPartSize"u8, maxPartSize);
        }

        JsonFields.Write(writer, value.CustomFields);
        writer.WriteEndObject();
    }

    private static void ReadUrls(ref Utf8JsonReader reader, List<string> urls)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            throw new JsonException("The urls of a target are an array.");
        }

        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            urls.Add(reader.GetString() ?? throw new JsonException("A URL of a target is a string."));
        }
    }
}
