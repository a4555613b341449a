using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace AssetCompute.Emulator;

/// <summary>JSON as bytes, with only the escapes that JSON requires, so that text round-trips unchanged.</summary>
internal static class JsonText
{
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly JsonWriterOptions Indented = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, Indented = true };

    public static byte[] ToBytes(JsonNode node, bool indented = false)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, indented ? Indented : Plain))
        {
            node.WriteTo(writer);
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Reads JSON as JavaScript does: if a key occurs more than once, the last one is used.</summary>
    /// <exception cref="JsonException">The bytes are not valid JSON.</exception>
    public static async Task<JsonNode?> ReadAsync(Stream json, CancellationToken cancellationToken)
    {
        using var document = await JsonDocument.ParseAsync(json, cancellationToken: cancellationToken).ConfigureAwait(false);
        return LastWins(document.RootElement);
    }

    /// <summary>Reads JSON as JavaScript does: if a key occurs more than once, the last one is used.</summary>
    /// <exception cref="JsonException">The bytes are not valid JSON.</exception>
    public static JsonNode? Read(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json);
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

    public static string? StringOf(this JsonNode? node) =>
        node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    /// <summary>Returns a finite number, or null for any other value.</summary>
    public static double? NumberOf(this JsonNode? node) =>
        node is JsonValue value && value.GetValueKind() == JsonValueKind.Number && value.TryGetValue<double>(out var number) && double.IsFinite(number)
            ? number
            : null;
}
