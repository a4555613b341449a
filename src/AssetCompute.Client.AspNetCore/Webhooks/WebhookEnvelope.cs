using System.Text;
using System.Text.Json;

namespace AssetCompute.Client.Webhooks;

/// <summary>Reads the events of a delivery with a valid signature: one event or a batch, each a CloudEvent, or wrapped in Adobe's older envelope.</summary>
internal static class WebhookEnvelope
{
    /// <summary>The maximum depth of an event.</summary>
    private const int MaxEventDepth = 256;

    private const int MaxEventIdLength = 256;
    private const int MaxValidationBytes = 8192;

    // A reader, because the time of a JsonDocument grows with the square of the depth.
    private static readonly JsonReaderOptions s_anyDepth = new() { MaxDepth = int.MaxValue };

    /// <summary>
    /// Returns the events, at least one. An event that cannot be read has a <see cref="WebhookEvent.Problem"/>, so that it does not affect the others.
    /// </summary>
    /// <exception cref="WebhookRefusedException">The body is not a delivery, has too many events, or has an event for another recipient.</exception>
    public static IReadOnlyList<WebhookEvent> Parse(ReadOnlyMemory<byte> body, WebhookOptions options)
    {
        try
        {
            List<WebhookEvent> events = [];
            Utf8JsonReader reader = new(body.Span.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]) ? (body = body[3..]).Span : body.Span, s_anyDepth);
            reader.Read();
            bool isBatch = reader.TokenType == JsonTokenType.StartArray;
            while (!isBatch || (reader.Read() && reader.TokenType != JsonTokenType.EndArray))
            {
                if (reader.TokenType != JsonTokenType.StartObject)
                {
                    throw new WebhookRefusedException(WebhookOutcome.Malformed("it contains something other than events"));
                }

                if (events.Count == options.MaxBatchSize)
                {
                    throw new WebhookRefusedException(WebhookOutcome.TooLarge($"The delivery has more than {options.MaxBatchSize} events."));
                }

                events.Add(Read(ValueAt(body, ref reader).Raw, options));
                if (!isBatch)
                {
                    break;
                }
            }

            // Throws if there is anything after the value.
            reader.Read();
            return events.Count > 0 ? events : throw new WebhookRefusedException(WebhookOutcome.Malformed("it is an empty batch"));
        }
        catch (JsonException exception)
        {
            throw new WebhookRefusedException(WebhookOutcome.Malformed("it is not JSON"), exception);
        }
    }

    /// <summary>Returns the <c>validationUrl</c> of a request to validate the registration; null for any other body.</summary>
    public static string? ValidationUrlOf(ReadOnlyMemory<byte> body)
    {
        if (body.Length > MaxValidationBytes)
        {
            return null;
        }

        try
        {
            return body.Span.TrimStart(" \r\n\t"u8).StartsWith("{"u8) && Find(body, "event"u8) is null && Find(body, "specversion"u8) is null && Find(body, "validationUrl"u8) is { Type: JsonTokenType.String } url
                ? Decode(url) : null;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // Not JSON, or not valid Unicode.
            return null;
        }
    }

    private static WebhookEvent Read(ReadOnlyMemory<byte> element, WebhookOptions options)
    {
        // If the newer field exists in any form, the older one is ignored.
        if (TextOf(Find(element, "recipientclientid"u8) ?? Find(element, "recipient_client_id"u8)) != options.ClientId)
        {
            throw new WebhookRefusedException(WebhookOutcome.WrongRecipient);
        }

        string? eventId = TextOf(Find(element, "eventid"u8)) ?? TextOf(Find(element, "event_id"u8));

        // A copy, so that a caller that keeps one event does not keep the whole delivery in memory.
        byte[] raw = Unwrap(element).ToArray();
        return new WebhookEvent(IdOf(raw, eventId), raw)
        {
            EventId = eventId,
            Problem = raw.Length > options.MaxEventBytes ? $"The event has more than {options.MaxEventBytes} bytes."
                : IsTooDeep(raw) ? $"The event is nested deeper than {MaxEventDepth} levels."
                : null,
        };
    }

    /// <summary>
    /// Returns the event itself: the element, the object in its envelope, or the CloudEvent in the <c>body</c> of that object, as Marketo sends it.
    /// </summary>
    private static ReadOnlyMemory<byte> Unwrap(ReadOnlyMemory<byte> element) =>
        Find(element, "specversion"u8) is not null || Find(element, "event"u8) is not { Type: JsonTokenType.StartObject, Raw: var wrapped } ? element
        : Find(wrapped, "specversion"u8) is null && Find(wrapped, "body"u8) is { Type: JsonTokenType.StartObject, Raw: var body } && Find(body, "specversion"u8) is not null ? body
        : wrapped;

    /// <summary>
    /// Returns the identity of the event itself, as in the journal; else Adobe's id of the envelope; else a hash, so that a repeated delivery is the same
    /// event.
    /// </summary>
    private static string IdOf(byte[] raw, string? eventId)
    {
        bool hasOwn = IsText(Find(raw, "id"u8)) || IsText(Find(raw, "@id"u8));
        return !hasOwn && eventId is { Length: <= MaxEventIdLength } && eventId.All(static character => character is > ' ' and < '\u007F')
            ? "eventid:" + eventId
            : new JournalEntry(default, raw).Id;

        static bool IsText(JsonValue? value) => value is { Type: JsonTokenType.String } && TextOf(value) is not null;
    }

    private static bool IsTooDeep(byte[] raw)
    {
        Utf8JsonReader reader = new(raw, new JsonReaderOptions { MaxDepth = MaxEventDepth });
        try
        {
            while (reader.Read())
            {
            }

            return false;
        }
        catch (JsonException)
        {
            // The JSON is already validated.
            return true;
        }
    }

    /// <summary>
    /// Returns the last property of an object with that name, however deeply nested its values are. Compares raw bytes: a name that is not valid Unicode
    /// would throw.
    /// </summary>
    private static JsonValue? Find(ReadOnlyMemory<byte> json, ReadOnlySpan<byte> name)
    {
        JsonValue? found = null;
        Utf8JsonReader reader = new(json.Span, s_anyDepth);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            bool isIt = reader.ValueSpan.SequenceEqual(name);
            reader.Read();
            JsonValue value = ValueAt(json, ref reader);
            found = isIt ? value : found;
        }

        return found;
    }

    private static JsonValue ValueAt(ReadOnlyMemory<byte> json, ref Utf8JsonReader reader)
    {
        JsonTokenType type = reader.TokenType;
        int start = (int)reader.TokenStartIndex;
        reader.Skip();
        return new JsonValue(type, json[start..(int)reader.BytesConsumed]);
    }

    /// <summary>Returns a string that is not empty, or the text of a number; else null.</summary>
    private static string? TextOf(JsonValue? value)
    {
        try
        {
            return value is { Type: JsonTokenType.String } text && Decode(text) is { Length: > 0 } found ? found
                : value is { Type: JsonTokenType.Number } number ? Encoding.UTF8.GetString(number.Raw.Span)
                : null;
        }
        catch (InvalidOperationException)
        {
            // Not valid Unicode.
            return null;
        }
    }

    private static string? Decode(JsonValue text)
    {
        Utf8JsonReader reader = new(text.Raw.Span);
        reader.Read();
        return reader.GetString();
    }

    private readonly record struct JsonValue(JsonTokenType Type, ReadOnlyMemory<byte> Raw);
}
