using System.Text.Json;

namespace AssetCompute.Client;

/// <summary>Reads names and strings that may not be Unicode: half a surrogate pair is valid JSON, and the reader throws when it is read.</summary>
internal static class JsonFields
{
    /// <summary>Whether the current name or string is this text; false also when it is not Unicode.</summary>
    public static bool TextIs(this ref Utf8JsonReader reader, ReadOnlySpan<byte> text) =>
        reader.ValueIsEscaped ? EscapedTextIs(ref reader, text) : reader.ValueTextEquals(text);

    /// <summary>Reads the string after the current name. Returns false when the value is of another kind or not Unicode.</summary>
    public static bool TryReadString(ref Utf8JsonReader reader, out string? value)
    {
        reader.Read();
        value = null;
        if (reader.TokenType != JsonTokenType.String)
        {
            return reader.TokenType == JsonTokenType.Null;
        }

        try
        {
            value = reader.GetString();
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    private static bool EscapedTextIs(ref Utf8JsonReader reader, ReadOnlySpan<byte> text)
    {
        try
        {
            return reader.ValueTextEquals(text);
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }
}
