using System.Text.Json;

namespace AssetCompute.Client.Serialization;

/// <summary>The answer of the service, or of the gateway in front of it. Every field can be missing.</summary>
internal sealed record AnswerBody(bool? Ok, string? RequestId, string? Journal, string? Message, string? ErrorCode)
{
    /// <summary>Parses an answer. Returns null if the bytes are not a JSON object.</summary>
    public static AnswerBody? Parse(ReadOnlyMemory<byte> body)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(JsonFields.WithoutByteOrderMark(body));
            JsonElement json = document.RootElement;
            return json.ValueKind != JsonValueKind.Object ? null : new AnswerBody(
                Ok: json.Value("ok"u8, JsonValueKind.True) is not null ? true : json.Value("ok"u8, JsonValueKind.False) is not null ? false : null,
                RequestId: Text(json, "requestId"u8),
                Journal: Text(json, "journal"u8),
                Message: Text(json, "message"u8) ?? Text(json, "error_description"u8),
                ErrorCode: Text(json, "error_code"u8) ?? Text(json, "code"u8) ?? Text(json, "error"u8));
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string? Text(JsonElement json, ReadOnlySpan<byte> name) =>
        json.Value(name, JsonValueKind.Number)?.GetRawText() ?? (json.Text(name) is { } text && !string.IsNullOrWhiteSpace(text) ? text : null);
}
