using System.Text.Json;
using System.Text.Json.Serialization;

namespace AssetCompute.Client;

/// <summary>Reads a string, or any other value as its JSON text: Adobe's worker sends whatever was thrown, which is not always a string.</summary>
internal sealed class ErrorMessageJsonConverter : JsonConverter<string>
{
    public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.String)
        {
            return JsonElement.ParseValue(ref reader).GetRawText();
        }

        try
        {
            return reader.GetString();
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair, as in a message that was cut: the escapes as they stand say more than nothing.
            return JsonElement.ParseValue(ref reader).GetRawText().Trim('"');
        }
    }

    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteStringValue(value);
}
