using System.Text.Json;

namespace AssetCompute.Client.Serialization;

/// <summary>
/// The answer of the service, or of the gateway in front of it. Every field can be missing; a field of an unexpected kind is ignored.
/// </summary>
internal sealed record AnswerBody
{
    public bool? Ok { get; private init; }

    public string? RequestId { get; private init; }

    public string? Journal { get; private init; }

    public string? Message { get; private init; }

    public string? ErrorCode { get; private init; }

    /// <summary>Reads an answer. Returns null when the bytes are not a JSON object.</summary>
    public static AnswerBody? Parse(ReadOnlyMemory<byte> body)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(WithoutByteOrderMark(body));
            JsonElement json = document.RootElement;
            return json.ValueKind != JsonValueKind.Object ? null : new AnswerBody
            {
                Ok = json.TryGetProperty("ok"u8, out JsonElement ok) && ok.ValueKind is JsonValueKind.True or JsonValueKind.False ? ok.GetBoolean() : null,
                RequestId = Text(json, "requestId"u8),
                Journal = Text(json, "journal"u8),
                Message = Text(json, "message"u8) ?? Text(json, "error_description"u8),
                ErrorCode = Text(json, "error_code"u8) ?? Text(json, "code"u8) ?? Text(json, "error"u8),
            };
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // The second one is half a surrogate pair, or bytes that are not UTF-8.
            return null;
        }
    }

    private static ReadOnlyMemory<byte> WithoutByteOrderMark(ReadOnlyMemory<byte> body) =>
        body.Span.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]) ? body.Slice(3) : body;

    private static string? Text(JsonElement json, ReadOnlySpan<byte> name)
    {
        string? text = json.TryGetProperty(name, out JsonElement value) ? value.ValueKind switch
        {
            JsonValueKind.String => value.GetString(),
            JsonValueKind.Number => value.GetRawText(),
            _ => null,
        }
        : null;
        return string.IsNullOrWhiteSpace(text) ? null : text;
    }
}
