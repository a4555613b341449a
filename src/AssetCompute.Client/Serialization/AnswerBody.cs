using System.Text;
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
    /// <param name="body">The bytes.</param>
    /// <param name="readsRequestId">False where a header has named the id: the same text would only be made once more.</param>
    public static AnswerBody? Parse(ReadOnlyMemory<byte> body, bool readsRequestId = true)
    {
        try
        {
            Utf8JsonReader reader = new(WithoutByteOrderMark(body.Span));
            return reader.Read() && reader.TokenType == JsonTokenType.StartObject ? Read(ref reader, readsRequestId) : null;
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

    private static AnswerBody Read(ref Utf8JsonReader reader, bool readsRequestId)
    {
        bool? ok = null;
        string? requestId = null;
        string? journal = null;
        string? message = null;
        string? description = null;
        string? errorCode = null;
        string? code = null;
        string? error = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.TextIs("ok"u8))
            {
                reader.Read();
                ok = reader.TokenType is JsonTokenType.True or JsonTokenType.False ? reader.GetBoolean() : null;
                reader.Skip();
            }
            else if (readsRequestId && reader.TextIs("requestId"u8))
            {
                requestId = ReadText(ref reader);
            }
            else if (reader.TextIs("journal"u8))
            {
                journal = ReadText(ref reader);
            }
            else if (reader.TextIs("message"u8))
            {
                message = ReadText(ref reader);
            }
            else if (reader.TextIs("error_description"u8))
            {
                description = ReadText(ref reader);
            }
            else if (reader.TextIs("error_code"u8))
            {
                errorCode = ReadText(ref reader);
            }
            else if (reader.TextIs("code"u8))
            {
                code = ReadText(ref reader);
            }
            else if (reader.TextIs("error"u8))
            {
                error = ReadText(ref reader);
            }
            else
            {
                reader.Skip();
            }
        }

        // Throws where anything but white space follows.
        reader.Read();
        return new AnswerBody
        {
            Ok = ok,
            RequestId = requestId,
            Journal = journal,
            Message = message ?? description,
            ErrorCode = errorCode ?? code ?? error,
        };
    }

    private static ReadOnlySpan<byte> WithoutByteOrderMark(ReadOnlySpan<byte> body) =>
        body.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]) ? body.Slice(3) : body;

    private static string? ReadText(ref Utf8JsonReader reader)
    {
        reader.Read();
        string? text = reader.TokenType switch
        {
            JsonTokenType.String => reader.GetString(),
            JsonTokenType.Number => Encoding.UTF8.GetString(reader.ValueSpan.ToArray()),
            _ => null,
        };
        reader.Skip();
        return string.IsNullOrWhiteSpace(text) ? null : text;
    }
}
