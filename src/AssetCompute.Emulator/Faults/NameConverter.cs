using System.Text.Json;
using System.Text.Json.Serialization;

namespace AssetCompute.Emulator;

/// <summary>Reads an enumeration member by name. If no member has the name, the error lists all names.</summary>
internal sealed class NameConverter<TEnum> : JsonConverter<TEnum>
    where TEnum : struct, Enum
{
    public override TEnum Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.String)
        {
            throw new JsonException($"One of these texts is expected: {EnumNames<TEnum>.All}.");
        }

        try
        {
            return EnumNames<TEnum>.Parse(reader.GetString()!);
        }
        catch (FormatException exception)
        {
            throw new JsonException(exception.Message, exception);
        }
    }

    public override void Write(Utf8JsonWriter writer, TEnum value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
}
