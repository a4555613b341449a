using System.Text.Json;
using System.Text.Json.Serialization;

namespace AssetCompute.Client;

/// <summary>Reads and writes an open set as the plain string it is on the wire.</summary>
internal abstract class OpenSetJsonConverter<T> : JsonConverter<T>
    where T : struct
{
    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && reader.GetString() is { Length: > 0 } value ? Create(value) : default;

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteStringValue(GetValue(value));

    protected abstract T Create(string value);

    protected abstract string GetValue(T value);
}
