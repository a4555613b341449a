using System.Text.Json;

namespace AssetCompute.Client;

/// <summary>Compares names and strings that may not be Unicode: half a surrogate pair is valid JSON, and the reader throws when it is read.</summary>
internal static class JsonFields
{
    /// <summary>Whether the current name or string is this text; false also when it is not Unicode.</summary>
    public static bool TextIs(this ref Utf8JsonReader reader, ReadOnlySpan<byte> text) =>
        reader.ValueIsEscaped ? EscapedTextIs(ref reader, text) : reader.ValueTextEquals(text);

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
