using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace AssetCompute.Client.Serialization;

/// <summary>
/// Reads the requests that the service echoes. Requests of other clients and of newer services are echoed in events too, so no field is required. A field
/// that cannot be read does not affect other fields: it is kept among the custom fields.
/// </summary>
internal static class EchoReader
{
    private static readonly JsonSerializerOptions s_options = CreateOptions(RequireNothing);
    private static readonly JsonSerializerOptions s_fieldByField = CreateOptions(ReadModelsFieldByField);

    /// <returns>The object; null if the JSON is nested too deeply, or is not an object.</returns>
    public static T? Read<T>(ReadOnlySpan<byte> json)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(json, TypeOf<T>(s_options));
        }
        catch (Exception exception) when (IsOfTheContent(exception))
        {
            return TryParse(json, out JsonElement element) ? ReadFieldByField(element, TypeOf<T>(s_fieldByField)) : null;
        }
    }

    private static bool TryParse(ReadOnlySpan<byte> json, out JsonElement element)
    {
        try
        {
            Utf8JsonReader reader = new(json, new JsonReaderOptions { MaxDepth = EventReader.MaxDepth });
            element = JsonElement.ParseValue(ref reader);
            return element.ValueKind == JsonValueKind.Object;
        }
        catch (JsonException)
        {
            element = default;
            return false;
        }
    }

    private static T ReadFieldByField<T>(JsonElement json, JsonTypeInfo<T> type)
        where T : class
    {
        // A name that is not valid Unicode matches no field.
        ILookup<bool, JsonProperty> fields = json.EnumerateObject().Where(static field => field.Text() is not null).ToLookup(field => IsReadable(field, type));
        T model = Deserialize(fields[true], type);
        if (fields[false].Any())
        {
            Dictionary<string, JsonElement> others = model is RenditionEvent read ? read.ExtensionData ??= [] : ((ExtensibleModel)(object)model).ExtensionData ??= [];
            foreach (JsonProperty field in fields[false])
            {
                others[field.Name] = field.Value;
            }
        }

        return model;
    }

    private static bool IsReadable<T>(JsonProperty field, JsonTypeInfo<T> type)
    {
        try
        {
            Deserialize([field], type);
            return true;
        }
        catch (Exception exception) when (IsOfTheContent(exception))
        {
            return false;
        }
    }

    // The text of a field is its JSON as received: a string in it may not be valid Unicode.
    private static T Deserialize<T>(IEnumerable<JsonProperty> fields, JsonTypeInfo<T> type) => JsonSerializer.Deserialize($"{{{string.Join(",", fields)}}}", type)!;

    private static bool IsOfTheContent(Exception exception) =>
        exception is JsonException or InvalidOperationException or FormatException or ArgumentException or OverflowException;

    private static JsonTypeInfo<T> TypeOf<T>(JsonSerializerOptions options) => (JsonTypeInfo<T>)options.GetTypeInfo(typeof(T));

    private static JsonSerializerOptions CreateOptions(Action<JsonTypeInfo> modifier) => new(AssetComputeJsonContext.Default.Options)
    {
        MaxDepth = EventReader.MaxDepth,
        TypeInfoResolver = AssetComputeJsonContext.Default.WithAddedModifier(modifier),
    };

    private static void RequireNothing(JsonTypeInfo type)
    {
        foreach (JsonPropertyInfo property in type.Properties)
        {
            property.IsRequired = false;
        }
    }

    private static void ReadModelsFieldByField(JsonTypeInfo type)
    {
        RequireNothing(type);
        foreach (JsonPropertyInfo property in type.Properties)
        {
            Type model = property.PropertyType;
            property.CustomConverter = model == typeof(Rendition) ? new FieldByFieldConverter<Rendition>(property.CustomConverter)
                : model == typeof(AssetSource) ? new FieldByFieldConverter<AssetSource>(property.CustomConverter)
                : model == typeof(RenditionMetadata) ? new FieldByFieldConverter<RenditionMetadata>(property.CustomConverter)
                : property.CustomConverter;
        }
    }

    /// <param name="otherForms">Reads a value that is not an object, such as a URL instead of a source; null if there is no other form.</param>
    private sealed class FieldByFieldConverter<T>(JsonConverter? otherForms) : JsonConverter<T>
        where T : class
    {
        public override T? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType == JsonTokenType.StartObject ? ReadFieldByField(JsonElement.ParseValue(ref reader), TypeOf<T>(options))
            : otherForms is JsonConverter<T> form ? form.Read(ref reader, typeToConvert, options)
            : throw new JsonException("The value must be an object.");

        public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => throw new NotSupportedException();
    }
}
