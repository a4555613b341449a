using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace AssetCompute.Client.Serialization;

/// <summary>
/// Reads the requests that the service echoes. Requests of other clients and of newer services are echoed in events too, so no field is required. A field
/// that cannot be read does not affect other fields: it is kept among the custom fields.
/// </summary>
internal static class EchoReader
{
    private static readonly JsonSerializerOptions s_options = new(AssetComputeJsonContext.Default.Options)
    {
        MaxDepth = EventReader.MaxDepth,
        TypeInfoResolver = AssetComputeJsonContext.Default.WithAddedModifier(RequireNothing),
    };

    /// <returns>The object; null if the JSON is not an object.</returns>
    public static T? Read<T>(JsonElement json)
        where T : class
    {
        try
        {
            return json.Deserialize(TypeOf<T>());
        }
        catch (Exception exception) when (IsOfTheContent(exception))
        {
            return json.ValueKind == JsonValueKind.Object ? ReadFieldByField<T>(json) : null;
        }
    }

    private static T ReadFieldByField<T>(JsonElement json)
        where T : class
    {
        // A name that is not valid Unicode matches no field.
        ILookup<bool, JsonProperty> fields = json.EnumerateObject().Where(static field => field.Text() is not null).ToLookup(IsReadable<T>);
        T model = Deserialize<T>(fields[true]);
        foreach (JsonProperty field in fields[false])
        {
            if (field.Value.ValueKind == JsonValueKind.Object && WithModel(model, field) is T read)
            {
                model = read;
            }
            else
            {
                (model is RenditionEvent kept ? kept.ExtensionData ??= [] : ((ExtensibleModel)(object)model).ExtensionData ??= [])[field.Name] = field.Value.Clone();
            }
        }

        return model;
    }

    /// <summary>Returns the event with one of its models, which has an unreadable field itself; null if the field is not a model.</summary>
    private static RenditionEvent? WithModel(object read, JsonProperty field) => (field.Name, read) switch
    {
        ("rendition", RenditionEvent rendition) => rendition with { Rendition = ReadFieldByField<Rendition>(field.Value) },
        ("source", RenditionEvent rendition) => rendition with { Source = ReadFieldByField<AssetSource>(field.Value) },
        ("metadata", RenditionCreated created) => created with { Metadata = ReadFieldByField<RenditionMetadata>(field.Value) },
        ("metadata", RenditionFailed failed) => failed with { Metadata = ReadFieldByField<RenditionMetadata>(field.Value) },
        _ => null,
    };

    private static bool IsReadable<T>(JsonProperty field)
    {
        try
        {
            Deserialize<T>([field]);
            return true;
        }
        catch (Exception exception) when (IsOfTheContent(exception))
        {
            return false;
        }
    }

    // The text of a field is its JSON as received: a string in it may not be valid Unicode.
    private static T Deserialize<T>(IEnumerable<JsonProperty> fields) => JsonSerializer.Deserialize($"{{{string.Join(",", fields)}}}", TypeOf<T>())!;

    private static bool IsOfTheContent(Exception exception) =>
        exception is JsonException or InvalidOperationException or FormatException or ArgumentException or OverflowException;

    private static JsonTypeInfo<T> TypeOf<T>() => (JsonTypeInfo<T>)s_options.GetTypeInfo(typeof(T));

    private static void RequireNothing(JsonTypeInfo type)
    {
        foreach (JsonPropertyInfo property in type.Properties)
        {
            property.IsRequired = false;
        }
    }
}
