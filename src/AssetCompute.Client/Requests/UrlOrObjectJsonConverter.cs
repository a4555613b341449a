using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace AssetCompute.Client;

/// <summary>Reads and writes a model that is a plain string on the wire if it has only a URL, and an object otherwise.</summary>
/// <remarks>Applied to properties, not to the model, so that the object form is the generated one.</remarks>
/// <param name="fromUrl">Creates a model from a URL.</param>
/// <param name="onlyUrl">Returns the URL of a model that has only a URL; null otherwise.</param>
internal class UrlOrObjectJsonConverter<T>(Func<string, T?> fromUrl, Func<T, string?> onlyUrl) : JsonConverter<T>
    where T : class
{
    public override T? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.TokenType switch
    {
        JsonTokenType.String => fromUrl(reader.GetString()!),
        JsonTokenType.StartObject => JsonSerializer.Deserialize(ref reader, ObjectForm(options)),
        _ => throw new JsonException("The value must be a string or an object."),
    };

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options)
    {
        if (onlyUrl(value) is { } url)
        {
            writer.WriteStringValue(url);
        }
        else
        {
            JsonSerializer.Serialize(writer, value, ObjectForm(options));
        }
    }

    private static JsonTypeInfo<T> ObjectForm(JsonSerializerOptions options) => (JsonTypeInfo<T>)options.GetTypeInfo(typeof(T));
}
