using System.Text.Json;
using System.Text.Json.Serialization;

namespace AssetCompute.Client;

/// <summary>Reads and writes an open set as a string.</summary>
internal abstract class OpenSetJsonConverter<T>(Func<string, T> create, Func<T, string> getValue) : JsonConverter<T>
    where T : struct
{
    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.GetString() is { Length: > 0 } value ? create(value) : throw new JsonException("The value must be a string that is not empty.");

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteStringValue(getValue(value));
}
