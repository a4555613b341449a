using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace AssetCompute.Client;

/// <summary>The body of <c>/process</c>. The request id is none of its fields: it goes in a header.</summary>
internal sealed class ProcessRequestJsonConverter : JsonConverter<ProcessRequest>
{
    public override ProcessRequest? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw new JsonException("A request is an object.");
        }

        AssetSource? source = null;
        List<Rendition>? renditions = null;
        JsonObject? userData = null;
        JsonObject? customFields = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            Utf8JsonReader field = reader;
            bool known = false;
            if (reader.TextIs("source"u8))
            {
                reader.Read();
                source = AssetSourceJsonConverter.Read(ref reader);
                known = true;
            }
            else if (reader.TextIs("renditions"u8))
            {
                known = JsonFields.TryReadList(ref reader, RenditionJsonConverter.Read, out renditions);
            }
            else if (reader.TextIs("userData"u8))
            {
                known = JsonFields.TryReadObject(ref reader, out userData);
            }

            if (!known)
            {
                reader = field;
                JsonFields.Keep(ref reader, ref customFields);
            }
        }

        return new ProcessRequest { Source = source, Renditions = renditions ?? [], UserData = userData, CustomFields = customFields };
    }

    public override void Write(Utf8JsonWriter writer, ProcessRequest value, JsonSerializerOptions options) => Write(writer, value);

    public static void Write(Utf8JsonWriter writer, ProcessRequest value)
    {
        writer.WriteStartObject();
        if (value.Source is { } source)
        {
            writer.WritePropertyName("source"u8);
            AssetSourceJsonConverter.Write(writer, source);
        }

        writer.WriteStartArray("renditions"u8);
        for (int i = 0; i < value.Renditions.Count; i++)
        {
            RenditionJsonConverter.Write(writer, value.Renditions[i], value, i);
        }

        writer.WriteEndArray();
        if (value.MarkedBy is { } clientId)
        {
            ReservedUserData.WriteMarked(writer, value.UserData, clientId);
        }
        else
        {
            JsonFields.Write(writer, "userData"u8, value.UserData);
        }

        JsonFields.Write(writer, value.CustomFields);
        writer.WriteEndObject();
    }
}
