using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace AssetCompute.Client.Serialization;

/// <summary>
/// Reads what an event returns of the request. A field that cannot be read is not an error: its property stays unset, and the field is kept in
/// <c>CustomFields</c>.
/// </summary>
internal static class EchoReader
{
    private static readonly JsonReaderOptions s_readerOptions = new() { MaxDepth = 256 };

    /// <summary>An event may leave out what a request must have.</summary>
    private static readonly JsonSerializerOptions s_options = new(AssetComputeJsonContext.Default.Options)
    {
        TypeInfoResolver = AssetComputeJsonContext.Default.WithAddedModifier(static type =>
        {
            foreach (JsonPropertyInfo property in type.Properties)
            {
                property.IsRequired = false;
            }
        }),
    };

    /// <summary>Reads the value at the reader's position.</summary>
    /// <returns>Null when the value is not an object.</returns>
    public static T? Read<T>(ref Utf8JsonReader reader)
        where T : class
    {
        JsonTypeInfo<T> type = (JsonTypeInfo<T>)s_options.GetTypeInfo(typeof(T));
        Utf8JsonReader start = reader;
        try
        {
            return JsonSerializer.Deserialize(ref reader, type);
        }
        catch (JsonException)
        {
            reader = start;
            return ReadFields(JsonElement.ParseValue(ref reader), type);
        }
    }

    private static T? ReadFields<T>(JsonElement json, JsonTypeInfo<T> type)
        where T : class
    {
        if (json.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        using MemoryStream readable = new();
        Dictionary<string, JsonElement> unreadable = [];
        using (Utf8JsonWriter writer = new(readable))
        {
            writer.WriteStartObject();
            foreach (JsonProperty field in json.EnumerateObject())
            {
                if (TryGetName(field) is not { } name)
                {
                    continue;
                }

                if (IsReadable(name, field.Value, type))
                {
                    Write(writer, name, field.Value);
                }
                else
                {
                    unreadable[name] = field.Value.Clone();
                }
            }

            writer.WriteEndObject();
        }

        T value = Deserialize(readable, type)!;
        JsonPropertyInfo extension = type.Properties.Single(static property => property.IsExtensionData);
        if (extension.Get!(value) is not Dictionary<string, JsonElement> kept)
        {
            extension.Set!(value, unreadable);
            return value;
        }

        foreach (KeyValuePair<string, JsonElement> field in unreadable)
        {
            kept[field.Key] = field.Value;
        }

        return value;
    }

    /// <summary>Returns the name of a field, or null when it has half a surrogate pair.</summary>
    private static string? TryGetName(JsonProperty field)
    {
        try
        {
            return field.Name;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private static bool IsReadable<T>(string name, JsonElement value, JsonTypeInfo<T> type)
    {
        using MemoryStream alone = new();
        using (Utf8JsonWriter writer = new(alone))
        {
            writer.WriteStartObject();
            Write(writer, name, value);
            writer.WriteEndObject();
        }

        try
        {
            Deserialize(alone, type);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static void Write(Utf8JsonWriter writer, string name, JsonElement value)
    {
        writer.WritePropertyName(name);
        writer.WriteRawValue(JsonMarshal.GetRawUtf8Value(value), skipInputValidation: true);
    }

    private static T? Deserialize<T>(MemoryStream json, JsonTypeInfo<T> type)
    {
        Utf8JsonReader reader = new(json.GetBuffer().AsSpan(0, (int)json.Length), s_readerOptions);
        return JsonSerializer.Deserialize(ref reader, type);
    }
}
