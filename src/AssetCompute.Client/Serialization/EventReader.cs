using System.Text.Json;

namespace AssetCompute.Client.Serialization;

/// <summary>
/// Converts the JSON of an event into a typed event. An event without a matching type is an <see cref="UnknownEvent"/>; no event is an error.
/// </summary>
internal static class EventReader
{
    /// <summary>The maximum depth of typed events. A deeper event is unknown.</summary>
    public const int MaxDepth = 256;

    private static readonly JsonReaderOptions s_unlimited = new() { MaxDepth = int.MaxValue };

    public static AdobeEvent Read(ReadOnlyMemory<byte> json)
    {
        string type = "";
        try
        {
            EventHead head = EventHead.Of(json.Span);
            type = head.Type;
            return ReadRendition(json.Span, head) ?? AemAssetEventReader.Typed(Unknown(json.Span, type));
        }
        catch (JsonException)
        {
            // Not JSON. A journal or a webhook never returns this, but the caller's own code may.
            return new UnknownEvent { Type = type };
        }
    }

    private static RenditionEvent? ReadRendition(ReadOnlySpan<byte> json, EventHead head)
    {
        if (head.IsCloudEvent && !head.Data.IsEmpty)
        {
            // The type in the data takes precedence over the type in the envelope.
            string type = EventHead.Of(head.Data).Type;
            return ReadRendition(head.Data, type.Length > 0 ? type : head.Type);
        }

        return ReadRendition(json, head.Type);
    }

    private static RenditionEvent? ReadRendition(ReadOnlySpan<byte> json, string type) => type switch
    {
        RenditionCreated.TypeName => EchoReader.Read<RenditionCreated>(json),
        RenditionFailed.TypeName => EchoReader.Read<RenditionFailed>(json),
        _ => null,
    };

    private static UnknownEvent Unknown(ReadOnlySpan<byte> json, string type)
    {
        // An entry may have no event.
        Utf8JsonReader reader = new(json.IsEmpty ? "null"u8 : json, s_unlimited);
        return new UnknownEvent { Type = type, Json = JsonElement.ParseValue(ref reader) };
    }
}
