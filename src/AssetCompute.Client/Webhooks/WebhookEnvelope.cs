using System.Security.Cryptography;
using System.Text.Json;
using AssetCompute.Client.Serialization;

namespace AssetCompute.Client.Webhooks;

/// <summary>
/// The events of a delivery whose signature is right: one or a batch, each a CloudEvent, or wrapped in the older envelope. What is JSON and for the right
/// recipient always gives events, of whatever kind.
/// </summary>
internal static class WebhookEnvelope
{
    private const int MaxEventIdLength = 256;

    /// <exception cref="WebhookException">It is no JSON of that kind, there are too many events, or one is for another recipient.</exception>
    public static IReadOnlyList<WebhookEvent> Parse(ReadOnlyMemory<byte> body, string clientId, int maxEvents)
    {
        ReadOnlyMemory<byte> json = body.Span.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]) ? body.Slice(3) : body;
        try
        {
            List<WebhookEvent> events = [];
            foreach (Element element in Elements(json, maxEvents))
            {
                if (!string.Equals(element.Recipient, clientId, StringComparison.Ordinal))
                {
                    throw new WebhookException(WebhookRefusal.WrongRecipient, "The delivery has an event for another client id than this one.");
                }

                // Each event's own bytes: the buffer of the delivery is lent, and whoever keeps one event should not keep all of a batch.
                byte[] raw = json.Slice(element.Start, element.Length).ToArray();
                events.Add(new WebhookEvent(IdOf(raw, element.EventId), raw) { EventId = element.EventId });
            }

            return events.Count > 0 ? events : throw Malformed("is an empty batch");
        }
        catch (JsonException exception)
        {
            throw Malformed("is no JSON", exception);
        }
    }

    /// <summary>The value of <c>validationUrl</c>, where the body is a request to validate the registration; else null.</summary>
    public static string? ValidationUrlOf(ReadOnlySpan<byte> body)
    {
        // Events may well be longer and have a field of that name in some depth; such a request is one short object.
        const int longest = 8192;
        if (body.Length > longest)
        {
            return null;
        }

        try
        {
            Utf8JsonReader reader = new(body, EventParser.ReaderOptions);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            {
                return null;
            }

            string? url = null;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                if (reader.TextIs("validationUrl"u8))
                {
                    if (!JsonFields.TryReadString(ref reader, out url))
                    {
                        return null;
                    }

                    continue;
                }

                if (reader.TextIs("event"u8) || reader.TextIs("specversion"u8))
                {
                    return null;
                }

                reader.Read();
                reader.Skip();
            }

            return url;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static List<Element> Elements(ReadOnlyMemory<byte> json, int maxEvents)
    {
        List<Element> elements = [];
        Utf8JsonReader reader = new(json.Span, EventParser.ReaderOptions);
        reader.Read();
        if (reader.TokenType == JsonTokenType.StartArray)
        {
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                if (elements.Count == maxEvents)
                {
                    throw new WebhookException(WebhookRefusal.TooLarge, $"The delivery has more than {maxEvents} events.");
                }

                elements.Add(ReadElement(ref reader));
            }
        }
        else
        {
            elements.Add(ReadElement(ref reader));
        }

        // What follows the value is no JSON, and throws.
        reader.Read();
        return elements;
    }

    private static Element ReadElement(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw Malformed("has something else than events");
        }

        Element element = new() { Start = (int)reader.TokenStartIndex };
        (int Start, int Length)? wrapped = null;
        string? newRecipient = null;
        string? oldRecipient = null;
        bool isCloudEvent = false;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.TextIs("recipientclientid"u8))
            {
                newRecipient = ReadText(ref reader) ?? "";
            }
            else if (reader.TextIs("recipient_client_id"u8))
            {
                oldRecipient = ReadText(ref reader);
            }
            else if (reader.TextIs("eventid"u8))
            {
                element.EventId = ReadText(ref reader) ?? element.EventId;
            }
            else if (reader.TextIs("event_id"u8))
            {
                // Read in any case: deliveries have both, and the reader must get past it.
                string? oldEventId = ReadText(ref reader);
                element.EventId ??= oldEventId;
            }
            else if (reader.TextIs("event"u8))
            {
                reader.Read();
                wrapped = reader.TokenType == JsonTokenType.StartObject ? ReadWrapped(ref reader) : null;
            }
            else
            {
                isCloudEvent |= reader.TextIs("specversion"u8);
                reader.Read();
                reader.Skip();
            }
        }

        // Once the newer field is there, in whatever shape, the older one says nothing any more.
        element.Recipient = newRecipient ?? oldRecipient;
        (element.Start, element.Length) = !isCloudEvent && wrapped is { } inner ? inner : (element.Start, (int)reader.BytesConsumed - element.Start);
        return element;
    }

    /// <summary>Where the event of an envelope lies: the object itself, or the CloudEvent in its <c>body</c>, as Marketo's events come.</summary>
    private static (int Start, int Length) ReadWrapped(ref Utf8JsonReader reader)
    {
        int start = (int)reader.TokenStartIndex;
        (int Start, int Length)? body = null;
        bool isCloudEvent = false;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            isCloudEvent |= reader.TextIs("specversion"u8);
            bool isBody = reader.TextIs("body"u8);
            reader.Read();
            if (isBody && reader.TokenType == JsonTokenType.StartObject && IsCloudEvent(reader))
            {
                int bodyStart = (int)reader.TokenStartIndex;
                reader.Skip();
                body = (bodyStart, (int)reader.BytesConsumed - bodyStart);
            }
            else
            {
                reader.Skip();
            }
        }

        return !isCloudEvent && body is { } inner ? inner : (start, (int)reader.BytesConsumed - start);
    }

    private static bool IsCloudEvent(Utf8JsonReader reader)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.TextIs("specversion"u8))
            {
                return true;
            }

            reader.Read();
            reader.Skip();
        }

        return false;
    }

    /// <summary>What nobody has given an id is known by its bytes, so that a repeated delivery is still the same event.</summary>
    private static string IdOf(byte[] raw, string? eventId)
    {
        if (EventIdentity.Of(raw) is { } identity)
        {
            return identity;
        }

        if (eventId is { Length: <= MaxEventIdLength } && eventId.All(static character => character is > ' ' and < '\u007F'))
        {
            return "eventid:" + eventId;
        }

        return "sha256:" + Convert.ToBase64String(SHA256.HashData(raw));
    }

    /// <summary>A text, or a number as it stands; null for anything else.</summary>
    private static string? ReadText(ref Utf8JsonReader reader)
    {
        Utf8JsonReader field = reader;
        if (JsonFields.TryReadString(ref reader, out string? text))
        {
            return string.IsNullOrEmpty(text) ? null : text;
        }

        reader = field;
        reader.Read();
        using JsonDocument value = JsonDocument.ParseValue(ref reader);
        return value.RootElement.ValueKind == JsonValueKind.Number ? value.RootElement.GetRawText() : null;
    }

    private static WebhookException Malformed(string what, Exception? cause = null) =>
        new(WebhookRefusal.Malformed, $"The delivery is signed, but it {what}.", cause);

    private record struct Element
    {
        public int Start { get; set; }

        public int Length { get; set; }

        public string? EventId { get; set; }

        public string? Recipient { get; set; }
    }
}
