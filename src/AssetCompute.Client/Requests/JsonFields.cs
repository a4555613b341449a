using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace AssetCompute.Client;

/// <summary>What the hand-written converters share: a field's value read after its name, unknown fields kept and written again.</summary>
internal static class JsonFields
{
    /// <summary>Whether the name or string at hand is this text; false also where it is no text: half a surrogate pair, which the reader itself throws for.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TextIs(this ref Utf8JsonReader reader, ReadOnlySpan<byte> text) =>
        reader.ValueIsEscaped ? EscapedTextIs(ref reader, text) : reader.ValueTextEquals(text);

    /// <summary>False also for a string that is no text: half a surrogate pair, or bytes that are no UTF-8.</summary>
    [MethodImpl(HotPath.Options)]
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

    [MethodImpl(HotPath.Options)]
    public static bool TryReadInt64(ref Utf8JsonReader reader, out long? value)
    {
        reader.Read();
        value = reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out long number) ? number : null;
        return value is not null || reader.TokenType == JsonTokenType.Null;
    }

    [MethodImpl(HotPath.Options)]
    public static bool TryReadInt32(ref Utf8JsonReader reader, out int? value)
    {
        reader.Read();
        value = reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out int number) ? number : null;
        return value is not null || reader.TokenType == JsonTokenType.Null;
    }

    [MethodImpl(HotPath.Options)]
    public static bool TryReadDate(ref Utf8JsonReader reader, out DateTimeOffset? value)
    {
        reader.Read();
        value = reader.TokenType == JsonTokenType.String && reader.TryGetDateTimeOffset(out DateTimeOffset date) ? date : null;
        return value is not null || reader.TokenType == JsonTokenType.Null;
    }

    public static bool TryReadObject(ref Utf8JsonReader reader, out JsonObject? value)
    {
        reader.Read();
        value = reader.TokenType == JsonTokenType.StartObject ? JsonNode.Parse(ref reader)!.AsObject() : null;
        return value is not null || reader.TokenType == JsonTokenType.Null;
    }

    public static void Keep(ref Utf8JsonReader reader, ref JsonObject? fields)
    {
        string name = reader.GetString()!;
        reader.Read();
        // The last of a doubled name counts, as everywhere else in System.Text.Json.
        (fields ??= [])[name] = JsonNode.Parse(ref reader);
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
