using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace AssetCompute.Client;

/// <summary>What the hand-written converters share: a field's value read after its name, unknown fields kept and written again.</summary>
internal static class JsonFields
{
    /// <summary>Names and formats.</summary>
    public static TextCache Names { get; } = new(256);

    /// <summary>Request ids: the events of a request come near each other.</summary>
    public static TextCache Ids { get; } = new(256);

    /// <summary>Whether the name or string at hand is this text; false also where it is no text: half a surrogate pair, which the reader itself throws for.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TextIs(this ref Utf8JsonReader reader, ReadOnlySpan<byte> text) =>
        reader.ValueIsEscaped ? EscapedTextIs(ref reader, text) : reader.ValueTextEquals(text);

    public static string? ReadString(ref Utf8JsonReader reader)
    {
        reader.Read();
        return reader.TokenType == JsonTokenType.Null ? null : reader.GetString();
    }

    public static long? ReadInt64(ref Utf8JsonReader reader)
    {
        reader.Read();
        return reader.TokenType switch
        {
            JsonTokenType.Null => null,
            JsonTokenType.Number when reader.TryGetInt64(out long value) => value,
            JsonTokenType.String when long.TryParse(reader.GetString(), System.Globalization.NumberStyles.Integer, System.Globalization.CultureInfo.InvariantCulture, out long value) => value,
            _ => throw new JsonException("The value is not a whole number."),
        };
    }

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

    /// <summary>The same for a text that is likely to have come before.</summary>
    [MethodImpl(HotPath.Options)]
    public static bool TryReadShared(ref Utf8JsonReader reader, TextCache texts, out string? value)
    {
        reader.Read();
        value = null;
        if (reader.TokenType != JsonTokenType.String)
        {
            return reader.TokenType == JsonTokenType.Null;
        }

        try
        {
            value = texts.Get(ref reader);
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

    public static bool TryReadDouble(ref Utf8JsonReader reader, out double? value)
    {
        reader.Read();
        value = reader.TokenType == JsonTokenType.Number && reader.TryGetDouble(out double number) ? number : null;
        return value is not null || reader.TokenType == JsonTokenType.Null;
    }

    public static bool TryReadBoolean(ref Utf8JsonReader reader, out bool? value)
    {
        reader.Read();
        value = reader.TokenType switch
        {
            JsonTokenType.True => true,
            JsonTokenType.False => false,
            _ => null,
        };
        return value is not null || reader.TokenType == JsonTokenType.Null;
    }

    public static bool TryReadObject(ref Utf8JsonReader reader, out JsonObject? value)
    {
        reader.Read();
        value = reader.TokenType == JsonTokenType.StartObject ? JsonNode.Parse(ref reader)!.AsObject() : null;
        return value is not null || reader.TokenType == JsonTokenType.Null;
    }

    /// <summary>Reads one value, whose first token the reader stands at.</summary>
    public delegate T? ReadValue<T>(ref Utf8JsonReader reader);

    public static bool TryReadList<T>(ref Utf8JsonReader reader, ReadValue<T> readItem, out List<T>? items)
        where T : class
    {
        items = null;
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            return reader.TokenType == JsonTokenType.Null;
        }

        items = [];
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            items.Add(readItem(ref reader) ?? throw new JsonException("An item of a list is null."));
        }

        return true;
    }

    public static void Keep(ref Utf8JsonReader reader, ref JsonObject? fields)
    {
        string name = reader.GetString()!;
        reader.Read();
        // The last of a doubled name counts, as everywhere else in System.Text.Json.
        (fields ??= [])[name] = JsonNode.Parse(ref reader);
    }

    public static void Write(Utf8JsonWriter writer, ReadOnlySpan<byte> name, string? value)
    {
        if (value is not null)
        {
            writer.WriteString(name, value);
        }
    }

    public static void Write(Utf8JsonWriter writer, ReadOnlySpan<byte> name, long? value)
    {
        if (value is { } number)
        {
            writer.WriteNumber(name, number);
        }
    }

    public static void Write(Utf8JsonWriter writer, ReadOnlySpan<byte> name, JsonObject? value)
    {
        if (value is not null)
        {
            writer.WritePropertyName(name);
            value.WriteTo(writer);
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

    /// <summary>Writes kept fields among the known ones, all but one of a name.</summary>
    public static void Write(Utf8JsonWriter writer, JsonObject? fields, string? except = null)
    {
        if (fields is null)
        {
            return;
        }

        foreach (KeyValuePair<string, JsonNode?> field in fields)
        {
            if (field.Key == except)
            {
                continue;
            }

            writer.WritePropertyName(field.Key);
            if (field.Value is null)
            {
                writer.WriteNullValue();
            }
            else
            {
                field.Value.WriteTo(writer);
            }
        }
    }
}
