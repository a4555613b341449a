using System.Runtime.InteropServices;
using System.Text.Json;

namespace AssetCompute.Client.Webhooks;

/// <summary>Reads the events of a delivery with a valid signature: one event or a batch, each a CloudEvent, or wrapped in Adobe's older envelope.</summary>
internal static class WebhookEnvelope
{
    private const int MaxEventDepth = 256;
    private const int MaxEventIdLength = 256;
    private const int MaxValidationBytes = 8192;

    private static readonly JsonDocumentOptions s_anyDepth = new() { MaxDepth = int.MaxValue };

    /// <summary>
    /// Returns the events, at least one. An event that cannot be read has a <see cref="WebhookEvent.Problem"/>, so that it does not affect the others.
    /// </summary>
    /// <exception cref="WebhookRefusedException">The body is not a delivery, has too many events, or has an event for another recipient.</exception>
    public static IReadOnlyList<WebhookEvent> Parse(ReadOnlyMemory<byte> body, WebhookOptions options)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(body.Span.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]) ? body[3..] : body, s_anyDepth);
            JsonElement root = document.RootElement;
            JsonElement[] elements = root.ValueKind == JsonValueKind.Array ? [.. root.EnumerateArray().Take(options.MaxBatchSize + 1)] : [root];
            return elements.Length == 0 ? throw new WebhookRefusedException(WebhookOutcome.Malformed("it is an empty batch"))
                : elements.Length > options.MaxBatchSize ? throw new WebhookRefusedException(WebhookOutcome.TooLarge($"The delivery has more than {options.MaxBatchSize} events."))
                : Array.TrueForAll(elements, static element => element.ValueKind == JsonValueKind.Object) ? Array.ConvertAll(elements, element => Read(element, options))
                : throw new WebhookRefusedException(WebhookOutcome.Malformed("it has something else than events"));
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
            using JsonDocument document = JsonDocument.Parse(body, s_anyDepth);
            JsonElement root = document.RootElement;
            return Find(root, "event"u8) is null && Find(root, "specversion"u8) is null && Find(root, "validationUrl"u8) is { ValueKind: JsonValueKind.String } url ? url.GetString() : null;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // Not JSON, or not valid Unicode.
            return null;
        }
    }

    private static WebhookEvent Read(JsonElement element, WebhookOptions options)
    {
        // If the newer field exists in any form, the older one is ignored.
        if (TextOf(Find(element, "recipientclientid"u8) ?? Find(element, "recipient_client_id"u8)) != options.ClientId)
        {
            throw new WebhookRefusedException(WebhookOutcome.WrongRecipient);
        }

        string? eventId = TextOf(Find(element, "eventid"u8)) ?? TextOf(Find(element, "event_id"u8));
        JsonElement unwrapped = Unwrap(element);

        // A copy, so that a caller that keeps one event does not keep the whole delivery in memory.
        byte[] raw = JsonMarshal.GetRawUtf8Value(unwrapped).ToArray();
        return new WebhookEvent(IdOf(unwrapped, raw, eventId), raw)
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
    private static JsonElement Unwrap(JsonElement element) =>
        Find(element, "specversion"u8) is not null || Find(element, "event"u8) is not { ValueKind: JsonValueKind.Object } wrapped ? element
        : Find(wrapped, "specversion"u8) is null && Find(wrapped, "body"u8) is { ValueKind: JsonValueKind.Object } body && Find(body, "specversion"u8) is not null ? body
        : wrapped;

    /// <summary>
    /// Returns the identity of the event itself, as in the journal; else Adobe's id of the envelope; else a hash, so that a repeated delivery is the same
    /// event.
    /// </summary>
    private static string IdOf(JsonElement element, byte[] raw, string? eventId)
    {
        bool hasOwn = IsText(Find(element, "id"u8)) || IsText(Find(element, "@id"u8));
        return !hasOwn && eventId is { Length: <= MaxEventIdLength } && eventId.All(static character => character is > ' ' and < '\u007F')
            ? "eventid:" + eventId
            : new JournalEntry(default, raw).Id;

        static bool IsText(JsonElement? value) => value is { ValueKind: JsonValueKind.String } && TextOf(value) is not null;
    }

    private static bool IsTooDeep(byte[] raw)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(raw, new JsonDocumentOptions { MaxDepth = MaxEventDepth });
            return false;
        }
        catch (JsonException)
        {
            // The JSON is already validated.
            return true;
        }
    }

    /// <summary>Returns the last property of an object with that name. Compares raw bytes: a name that is not valid Unicode would throw.</summary>
    private static JsonElement? Find(JsonElement element, ReadOnlySpan<byte> name)
    {
        JsonElement? found = null;
        foreach (JsonProperty property in element.EnumerateObject())
        {
            found = JsonMarshal.GetRawUtf8PropertyName(property).SequenceEqual(name) ? property.Value : found;
        }

        return found;
    }

    /// <summary>Returns a string that is not empty, or the text of a number; else null.</summary>
    private static string? TextOf(JsonElement? value)
    {
        try
        {
            return value is { ValueKind: JsonValueKind.String } text && text.GetString() is { Length: > 0 } found ? found
                : value is { ValueKind: JsonValueKind.Number } number ? number.GetRawText()
                : null;
        }
        catch (InvalidOperationException)
        {
            // Not valid Unicode.
            return null;
        }
    }
}
