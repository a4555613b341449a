using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace AssetCompute.Emulator;

/// <summary>JSON as bytes, with only the escapes that JSON requires, so that text round-trips unchanged.</summary>
internal static class JsonText
{
    public static byte[] ToBytes(JsonNode node, bool indented = false)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, Indented = indented }))
        {
            node.WriteTo(writer);
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Reads JSON as JavaScript does: if a key occurs more than once, the last one is used.</summary>
    /// <exception cref="JsonException">The bytes are not valid JSON.</exception>
    public static JsonNode? Read(byte[] json)
    {
        // Unlike bytes, a stream may start with a byte order mark.
        using var stream = new MemoryStream(json);
        using var document = JsonDocument.Parse(stream);
        return LastWins(document.RootElement);
    }

    private static JsonNode? LastWins(JsonElement json)
    {
        switch (json.ValueKind)
        {
            case JsonValueKind.Null:
                return null;
            case JsonValueKind.Array:
                return new JsonArray([.. json.EnumerateArray().Select(LastWins)]);
            case JsonValueKind.Object:
                var members = new JsonObject();
                foreach (var member in json.EnumerateObject())
                {
                    members[member.Name] = LastWins(member.Value);
                }

                return members;
            default:
                return JsonValue.Create(json.Clone());
        }
    }

    /// <summary>Removes the members that are null.</summary>
    public static JsonObject WithoutNulls(this JsonObject json)
    {
        foreach (var (name, _) in json.Where(static member => member.Value is null).ToList())
        {
            json.Remove(name);
        }

        return json;
    }

    /// <summary>Returns a member that must be a string.</summary>
    /// <exception cref="FormatException">The member is missing or not a string.</exception>
    public static string Required(this JsonObject json, string name) => json[name].StringOf() ?? throw new FormatException($"'{name}' is missing.");

    public static string? StringOf(this JsonNode? node) =>
        node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    /// <summary>Returns a finite number, or null for any other value.</summary>
    public static double? NumberOf(this JsonNode? node) =>
        node is JsonValue value && value.GetValueKind() == JsonValueKind.Number && value.TryGetValue<double>(out var number) && double.IsFinite(number)
            ? number
            : null;
}
