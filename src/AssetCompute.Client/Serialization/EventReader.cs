using System.Text.Json;

namespace AssetCompute.Client.Serialization;

/// <summary>
/// Converts the JSON of an event into a typed event. An event without a matching type is an <see cref="UnknownEvent"/>; no event is an error.
/// </summary>
internal static class EventReader
{
    /// <summary>The maximum depth of typed events. A deeper event is unknown.</summary>
    public const int MaxDepth = 256;

    public static AdobeEvent Read(ReadOnlyMemory<byte> json)
    {
        EventHead head = new(json.Span);
        RenditionEvent? rendition = head.Data.IsEmpty
            ? ReadRendition(json.Span, head.Type)
            // The type in the data takes precedence over the type in the envelope.
            : ReadRendition(head.Data, new EventHead(head.Data).Type is { Length: > 0 } inner ? inner : head.Type);
        return rendition ?? AemAssetEventReader.Typed(new UnknownEvent { Type = head.Type, Json = Parse(json.Span) });
    }

    /// <summary>Parses an event of any depth. Returns <c>default</c> for what is not JSON: the caller's own code may have created the entry.</summary>
    private static JsonElement Parse(ReadOnlySpan<byte> json)
    {
        try
        {
            // An entry may have no event.
            Utf8JsonReader reader = new(json.IsEmpty ? "null"u8 : json, new JsonReaderOptions { MaxDepth = int.MaxValue });
            return JsonElement.ParseValue(ref reader);
        }
        catch (JsonException)
        {
            return default;
        }
    }

    private static RenditionEvent? ReadRendition(ReadOnlySpan<byte> json, string type) => type switch
    {
        RenditionCreated.TypeName => EchoReader.Read<RenditionCreated>(json),
        RenditionFailed.TypeName => EchoReader.Read<RenditionFailed>(json),
        _ => null,
    };
}
