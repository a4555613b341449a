using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace AssetCompute.Client.Serialization;

/// <summary>
/// Bytes in, typed event out. What has no type, or is not what its type promises, comes out as <see cref="UnknownEvent"/>: an event never ends a stream.
/// </summary>
internal static class EventParser
{
    /// <summary>As deep as the journal's pages are read.</summary>
    public static readonly JsonReaderOptions ReaderOptions = new() { MaxDepth = 256 };

    /// <summary>The typed event of one JSON value.</summary>
    /// <param name="json">One whole JSON value, known to be well-formed.</param>
    public static AdobeEvent Parse(ReadOnlyMemory<byte> json)
    {
        string type = "";
        try
        {
            type = ReadType(json.Span);
            return type switch
            {
                RenditionCreated.TypeName => ParseRendition(json.Span, own: default, created: true),
                RenditionFailed.TypeName => ParseRendition(json.Span, own: default, created: false),
                _ => OfCloudEvent(json.Span, type) ?? AemAssetEventParser.Typed(Unknown(json, type)),
            };
        }
        catch (Exception exception) when (IsOfTheContent(exception))
        {
            return Unknown(json, type);
        }
    }

    /// <summary>The typed event of one JSON value whose type is known: a rendition was created, or failed.</summary>
    /// <param name="own">One whole JSON object, known to be well-formed. The event refers to these bytes, so they must stay as they are.</param>
    /// <param name="created">Whether it was created.</param>
    public static AdobeEvent Parse(ArraySegment<byte> own, bool created)
    {
        try
        {
            return ParseRendition(own, own, created);
        }
        catch (Exception exception) when (IsOfTheContent(exception))
        {
            return Unknown(own, created ? RenditionCreated.TypeName : RenditionFailed.TypeName);
        }
    }

    /// <summary>
    /// The typed event that answers a rendition of a request at hand. What the event merely echoes is taken from the request, so that the
    /// caller gets back the very objects handed in, and nothing of it is parsed again.
    /// </summary>
    public static RenditionEvent ParseAnswer(ReadOnlySpan<byte> json, ProcessRequest request, Rendition rendition, bool created)
    {
        try
        {
            return RenditionEventParser.Parse(json, own: default, (request, rendition), created);
        }
        catch (Exception exception) when (IsOfTheContent(exception))
        {
            // That the rendition is done, and how it ended, is known; what cannot be read of it is not worth the job.
            return created
                ? new RenditionCreated { Source = request.Source, UserData = request.UserData, Rendition = rendition, RequestId = request.RequestId ?? "" }
                : new RenditionFailed { Source = request.Source, UserData = request.UserData, Rendition = rendition, RequestId = request.RequestId ?? "", Message = exception.Message };
        }
    }

    private static bool IsOfTheContent(Exception exception) => exception is JsonException or InvalidOperationException or FormatException;

    /// <summary>
    /// The same for a rendition that was created, from the two places of the event that say anything new.
    /// </summary>
    /// <param name="requestId">The request id in the event.</param>
    /// <param name="date">The JSON of the date; empty where there is none.</param>
    /// <param name="metadata">The JSON of the metadata; empty where there is none.</param>
    /// <param name="request">The request.</param>
    /// <param name="rendition">The rendition.</param>
    /// <param name="created">The event.</param>
    /// <returns>False where one of the two is not what it should be.</returns>
    public static bool TryParseAnswer(
        string requestId,
        ReadOnlySpan<byte> date,
        ReadOnlySpan<byte> metadata,
        ProcessRequest request,
        Rendition rendition,
        [NotNullWhen(true)] out RenditionCreated? created)
    {
        created = null;
        try
        {
            if (!TryReadDate(date, out DateTimeOffset? when) || !TryReadMetadata(metadata, out RenditionMetadata? known))
            {
                return false;
            }

            created = new RenditionCreated
            {
                Date = when,
                RequestId = requestId,
                Source = request.Source,
                UserData = request.UserData,
                Rendition = rendition,
                Metadata = known ?? new RenditionMetadata(),
            };
            return true;
        }
        catch (Exception exception) when (IsOfTheContent(exception))
        {
            return false;
        }
    }

    private static bool TryReadDate(ReadOnlySpan<byte> json, out DateTimeOffset? date)
    {
        date = null;
        if (json.IsEmpty)
        {
            return true;
        }

        Utf8JsonReader reader = new(json, ReaderOptions);
        return JsonFields.TryReadDate(ref reader, out date);
    }

    private static bool TryReadMetadata(ReadOnlySpan<byte> json, out RenditionMetadata? metadata)
    {
        metadata = null;
        if (json.IsEmpty)
        {
            return true;
        }

        Utf8JsonReader reader = new(json, ReaderOptions);
        reader.Read();
        metadata = RenditionMetadataParser.Parse(ref reader);
        return metadata is not null;
    }

    private static UnknownEvent Unknown(ReadOnlyMemory<byte> json, string type)
    {
        // An entry may come without an event.
        Utf8JsonReader reader = new(json.IsEmpty ? "null"u8 : json.Span, ReaderOptions);
        return new UnknownEvent { Type = type, Json = JsonElement.ParseValue(ref reader) };
    }

    private static string ReadType(ReadOnlySpan<byte> json)
    {
        Utf8JsonReader reader = new(json, ReaderOptions);
        if (json.IsEmpty || !reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            return "";
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            bool found = reader.TextIs("type"u8) || reader.TextIs("@type"u8);
            reader.Read();
            if (found && reader.TokenType == JsonTokenType.String)
            {
                return reader.TextIs("rendition_created"u8) ? RenditionCreated.TypeName
                    : reader.TextIs("rendition_failed"u8) ? RenditionFailed.TypeName
                    : reader.GetString()!;
            }

            reader.Skip();
        }

        return "";
    }

    private static RenditionEvent ParseRendition(ReadOnlySpan<byte> json, ArraySegment<byte> own, bool created)
    {
        RenditionEvent parsed = RenditionEventParser.Parse(json, own, answered: null, created);

        // Asset Compute always says the request. Where nothing does, this may be the envelope of the event.
        return parsed.RequestId.Length > 0 ? parsed : OfCloudEvent(json, parsed.Type) ?? parsed;
    }

    /// <summary>The event of Asset Compute that is the data of a CloudEvent; null where it is none, or of something else.</summary>
    private static RenditionEvent? OfCloudEvent(ReadOnlySpan<byte> json, string type)
    {
        Utf8JsonReader reader = new(json, ReaderOptions);
        if (json.IsEmpty || !reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            return null;
        }

        bool isCloudEvent = false;
        ReadOnlySpan<byte> data = default;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            isCloudEvent |= reader.TextIs("specversion"u8);
            bool isData = reader.TextIs("data"u8);
            reader.Read();
            bool isObject = reader.TokenType == JsonTokenType.StartObject;
            int start = (int)reader.TokenStartIndex;
            reader.Skip();
            if (isData && isObject)
            {
                data = json.Slice(start, (int)reader.BytesConsumed - start);
            }
        }

        if (!isCloudEvent || data.IsEmpty)
        {
            return null;
        }

        // What the data say goes before what the envelope calls them.
        string dataType = ReadType(data);
        return (dataType.Length > 0 ? dataType : type) switch
        {
            RenditionCreated.TypeName => RenditionEventParser.Parse(data, own: default, answered: null, created: true),
            RenditionFailed.TypeName => RenditionEventParser.Parse(data, own: default, answered: null, created: false),
            _ => null,
        };
    }
}
