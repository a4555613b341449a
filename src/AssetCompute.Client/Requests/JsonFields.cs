using System.Text.Json;

namespace AssetCompute.Client;

/// <summary>
/// Reads fields of JSON from the network. A field of another kind counts as missing. So does a string that is not valid Unicode: JSON allows an unpaired
/// surrogate, and the framework throws when it reads one.
/// </summary>
internal static class JsonFields
{
    /// <summary>Returns whether the current name or string is this text.</summary>
    public static bool TextIs(this ref Utf8JsonReader reader, ReadOnlySpan<byte> text)
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

    /// <summary>Returns the current string, or null.</summary>
    public static string? Text(this ref Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>Returns the name of a field, or null.</summary>
    public static string? Text(this JsonProperty field) => OrNull(static field => field.Name, field);

    /// <summary>Returns a string that is not empty, or null.</summary>
    public static string? Text(this JsonElement json, ReadOnlySpan<byte> name) =>
        json.Value(name, JsonValueKind.String) is { } value && OrNull(static value => value.GetString(), value) is { Length: > 0 } text ? text : null;

    /// <summary>Returns an object, or the default, which has no fields.</summary>
    public static JsonElement Object(this JsonElement json, ReadOnlySpan<byte> name) => json.Value(name, JsonValueKind.Object) ?? default;

    /// <summary>Returns a value of this kind, or null.</summary>
    public static JsonElement? Value(this JsonElement json, ReadOnlySpan<byte> name, JsonValueKind kind) =>
        json.Field(name) is var found && found.ValueKind == kind ? found : null;

    /// <summary>Returns a value of any kind, or the default. The last of several fields with the same name counts.</summary>
    public static JsonElement Field(this JsonElement json, ReadOnlySpan<byte> name)
    {
        JsonElement found = default;
        try
        {
            _ = json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out found);
        }
        catch (InvalidOperationException)
        {
            // A name is not valid Unicode. Compare each name by itself.
            foreach (JsonProperty property in json.EnumerateObject())
            {
                found = IsNamed(property, name) ? property.Value : found;
            }
        }

        return found;
    }

    /// <summary>Returns the JSON without a leading byte order mark.</summary>
    public static ReadOnlyMemory<byte> WithoutByteOrderMark(ReadOnlyMemory<byte> json) =>
        json.Span.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]) ? json.Slice(3) : json;

    private static bool IsNamed(JsonProperty property, ReadOnlySpan<byte> name)
    {
        try
        {
            return property.NameEquals(name);
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    private static string? OrNull<T>(Func<T, string?> read, T from)
    {
        try
        {
            return read(from);
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}
