using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace AssetCompute.Client;

/// <summary>Reads and writes a model that is a plain string on the wire when it has only a URL, and an object otherwise.</summary>
/// <remarks>Stands on properties, not on the model, so that the object form is the generated one.</remarks>
internal abstract class UrlOrObjectJsonConverter<T> : JsonConverter<T>
    where T : class
{
    public override T? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.TokenType switch
    {
        JsonTokenType.String => FromUrl(reader.GetString()!),
        JsonTokenType.StartObject => JsonSerializer.Deserialize(ref reader, ObjectForm(options)),
        _ => throw new JsonException("The value must be a string or an object."),
    };

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options)
    {
        if (OnlyUrl(value) is { } url)
        {
            writer.WriteStringValue(url);
        }
        else
        {
            JsonSerializer.Serialize(writer, value, ObjectForm(options));
        }
    }

    protected abstract T? FromUrl(string url);

    /// <summary>Returns the URL of a value that has nothing else; null otherwise.</summary>
    protected abstract string? OnlyUrl(T value);

    private static JsonTypeInfo<T> ObjectForm(JsonSerializerOptions options) => (JsonTypeInfo<T>)options.GetTypeInfo(typeof(T));
}
