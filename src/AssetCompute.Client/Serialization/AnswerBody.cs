using System.Text.Json;

namespace AssetCompute.Client.Serialization;

/// <summary>
/// What the service and the gateway before it write into an answer. Every field can be missing: only a JSON object counts, and a field of
/// an unexpected kind is passed over.
/// </summary>
internal sealed record AnswerBody
{
    public bool? Ok { get; private init; }

    public string? RequestId { get; private init; }

    public string? Journal { get; private init; }

    public string? Message { get; private init; }

    public string? ErrorCode { get; private init; }

    /// <summary>Reads an answer; null when the bytes are not a JSON object.</summary>
    public static AnswerBody? Parse(ReadOnlyMemory<byte> body)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(WithoutByteOrderMark(body));
            JsonElement root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object)
            {
                return null;
            }

            return new AnswerBody
            {
                Ok = root.TryGetProperty("ok"u8, out JsonElement ok) && ok.ValueKind is JsonValueKind.True or JsonValueKind.False ? ok.GetBoolean() : null,
                RequestId = Text(root, "requestId"u8),
                Journal = Text(root, "journal"u8),
                Message = Text(root, "message"u8) ?? Text(root, "error_description"u8),
                ErrorCode = Text(root, "error_code"u8) ?? Text(root, "code"u8) ?? Text(root, "error"u8),
            };
        }
        catch (JsonException)
        {
            return null;
        }
        catch (InvalidOperationException)
        {
            // A string that is not valid UTF-16, such as half a surrogate pair, throws only when it is read.
            return null;
        }
    }

    private static ReadOnlyMemory<byte> WithoutByteOrderMark(ReadOnlyMemory<byte> body) =>
        body.Span.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]) ? body.Slice(3) : body;

    private static string? Text(JsonElement root, ReadOnlySpan<byte> name)
    {
        if (!root.TryGetProperty(name, out JsonElement value))
        {
            return null;
        }

        string? text = value.ValueKind switch
        {
            JsonValueKind.String => value.GetString(),
            JsonValueKind.Number => value.GetRawText(),
            _ => null,
        };
        return string.IsNullOrWhiteSpace(text) ? null : text;
    }
}
