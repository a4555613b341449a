using System.Text.Json;

namespace AssetCompute.Client.Serialization;

/// <summary>
/// Converts the JSON of an event into a typed event. An event without a matching type is an <see cref="UnknownEvent"/>; no event is an error.
/// </summary>
internal static class EventReader
{
    /// <summary>The maximum depth of typed events. A deeper event is unknown.</summary>
    public const int MaxDepth = 256;

    /// <summary>For the head of an event: an event that is nested too deeply must still have a type.</summary>
    private static readonly JsonReaderOptions s_unlimited = new() { MaxDepth = int.MaxValue };

    public static AdobeEvent Read(ReadOnlyMemory<byte> json)
    {
        string type = "";
        try
        {
            type = ReadHead(json.Span, out ReadOnlySpan<byte> data);
            RenditionEvent? rendition = data.IsEmpty
                ? ReadRendition(json.Span, type)
                // The type in the data takes precedence over the type in the envelope.
                : ReadRendition(data, ReadHead(data, out _) is { Length: > 0 } inner ? inner : type);
            return rendition ?? AemAssetEventReader.Typed(new UnknownEvent { Type = type, Json = Parse(json.Span) });
        }
        catch (JsonException)
        {
            // Not JSON. A journal or a webhook never returns this, but the caller's own code may.
            return new UnknownEvent { Type = type };
        }
    }

    /// <summary>Parses an event of any depth.</summary>
    /// <exception cref="JsonException">The event is not JSON.</exception>
    public static JsonElement Parse(ReadOnlySpan<byte> json)
    {
        // An entry may have no event.
        Utf8JsonReader reader = new(json.IsEmpty ? "null"u8 : json, s_unlimited);
        return JsonElement.ParseValue(ref reader);
    }

    /// <summary>Returns <c>type</c>, or <c>@type</c> of the older AEM form; empty if there is neither, or if it is not valid Unicode.</summary>
    /// <param name="json">The event.</param>
    /// <param name="data">The JSON of <c>data</c> if the event is in an envelope of CloudEvents; empty if it is not, or if its data is not an object.</param>
    private static string ReadHead(ReadOnlySpan<byte> json, out ReadOnlySpan<byte> data)
    {
        string? type = null;
        bool isCloudEvent = false;
        data = default;
        Utf8JsonReader reader = new(json, s_unlimited);
        if (json.IsEmpty || !reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            return "";
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            isCloudEvent |= reader.TextIs("specversion"u8);
            bool isType = type is null && (reader.TextIs("type"u8) || reader.TextIs("@type"u8));
            bool isData = reader.TextIs("data"u8);
            reader.Read();
            int start = (int)reader.TokenStartIndex;
            type = isType && reader.TokenType == JsonTokenType.String ? reader.Text() ?? "" : type;
            isData &= reader.TokenType == JsonTokenType.StartObject;
            reader.Skip();
            data = isData ? json.Slice(start, (int)reader.BytesConsumed - start) : data;
        }

        data = isCloudEvent ? data : default;
        return type ?? "";
    }

    private static RenditionEvent? ReadRendition(ReadOnlySpan<byte> json, string type) => type switch
    {
        RenditionCreated.TypeName => EchoReader.Read<RenditionCreated>(json),
        RenditionFailed.TypeName => EchoReader.Read<RenditionFailed>(json),
        _ => null,
    };
}
