using System.Text.Json;
using System.Text.Json.Serialization;

namespace AssetCompute.Emulator;

/// <summary>Reads an enumeration member by name. If no member has the name, the error lists all names.</summary>
internal sealed class NameConverter<TEnum> : JsonConverter<TEnum>
    where TEnum : struct, Enum
{
    /// <summary>All names. The member that means anything else is excluded, because a caller cannot choose it.</summary>
    private static readonly string All = string.Join(", ", Enum.GetNames<TEnum>().Where(name => name != nameof(EmulatorOperation.Other)));

    /// <summary>Parses the name of a member, ignoring case.</summary>
    /// <exception cref="JsonException">No member has this name. The message lists the valid names.</exception>
    public static TEnum Parse(string name) =>
        name.Length > 0 && char.IsAsciiLetter(name[0]) && !name.Contains(',', StringComparison.Ordinal) && Enum.TryParse<TEnum>(name, ignoreCase: true, out var value)
            ? value
            : throw new JsonException($"'{name}' is not known; these are: {All}.");

    public override TEnum Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        Parse(reader.TokenType == JsonTokenType.String ? reader.GetString()! : "");

    public override void Write(Utf8JsonWriter writer, TEnum value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
}
