using System.Text.Json;

namespace AssetCompute.Client.Serialization;

/// <summary>The JSON of the fields that say which event this is, found in one pass through an event of any depth.</summary>
internal readonly ref struct EventHead
{
    private static readonly JsonReaderOptions s_anyDepth = new() { MaxDepth = int.MaxValue };

    private readonly ReadOnlySpan<byte> _type;
    private readonly ReadOnlySpan<byte> _id;
    private readonly ReadOnlySpan<byte> _source;
    private readonly ReadOnlySpan<byte> _xdmId;
    private readonly ReadOnlySpan<byte> _requestId;

    /// <summary>Reads the head of an event. It is empty if the event is not an object, or not JSON.</summary>
    public EventHead(ReadOnlySpan<byte> json)
    {
        bool isCloudEvent = false;
        Utf8JsonReader reader = new(json, s_anyDepth);
        try
        {
            while (ReadName(ref reader, json))
            {
                Utf8JsonReader name = reader;
                ReadOnlySpan<byte> value = ReadValue(ref reader, json, out JsonTokenType kind);
                (bool isText, bool isObject) = (kind == JsonTokenType.String, kind == JsonTokenType.StartObject);
                isCloudEvent |= name.TextIs("specversion"u8);
                _type = isText && _type.IsEmpty && (name.TextIs("type"u8) || name.TextIs("@type"u8)) ? value : _type;
                _id = isText && name.TextIs("id"u8) ? value : _id;
                _source = isText && name.TextIs("source"u8) ? value : _source;
                _xdmId = isText && name.TextIs("@id"u8) ? value : _xdmId;
                _requestId = isText && name.TextIs("requestId"u8) ? value : _requestId;
                Data = isObject && name.TextIs("data"u8) ? value : Data;
                Rendition = isObject && name.TextIs("rendition"u8) ? value : Rendition;
            }
        }
        catch (JsonException)
        {
            this = default;
        }

        Data = isCloudEvent ? Data : default;
    }

    /// <summary>The data if the event is in an envelope of CloudEvents; empty if it is not, or if its data is not an object.</summary>
    public ReadOnlySpan<byte> Data { get; }

    /// <summary>The rendition of a rendition event; empty if there is none, or if it is not an object.</summary>
    public ReadOnlySpan<byte> Rendition { get; }

    /// <summary><c>type</c>, or <c>@type</c> of the older AEM form; empty if there is neither, or if it is not valid Unicode.</summary>
    public string Type => Text(_type) ?? "";

    /// <summary>The id of the request of a rendition event; null if there is none.</summary>
    public string? RequestId => Text(_requestId);

    /// <summary>Returns the head of the data if the event is in an envelope of CloudEvents, and otherwise of the event itself.</summary>
    public static EventHead OfContent(ReadOnlySpan<byte> json)
    {
        EventHead head = new(json);
        return head.Data.IsEmpty ? head : new EventHead(head.Data);
    }

    /// <summary>
    /// Returns the event's own identity, the same by webhook and by journal: source and id of a CloudEvent, which are unique together according to its
    /// specification, or <c>@id</c> of an event of the older AEM form. Null if the event has neither, or if one of them is not valid Unicode: without it, two
    /// events could have one identity.
    /// </summary>
    public static string? IdentityOf(ReadOnlySpan<byte> json)
    {
        EventHead head = new(json);
        (string? id, string? source, string? xdmId) = (Text(head._id), Text(head._source), Text(head._xdmId));
        bool isValid = (id is not null || head._id.IsEmpty) && (source is not null || head._source.IsEmpty) && (xdmId is not null || head._xdmId.IsEmpty);
        string? identity = string.IsNullOrEmpty(id) ? xdmId : $"{source} {id}".TrimStart();
        return isValid && !string.IsNullOrEmpty(identity) ? identity : null;
    }

    /// <summary>Returns the JSON of a field; empty if there is none, or if the JSON is not an object.</summary>
    public static ReadOnlySpan<byte> Field(ReadOnlySpan<byte> json, ReadOnlySpan<byte> name)
    {
        ReadOnlySpan<byte> found = default;
        Utf8JsonReader reader = new(json, s_anyDepth);
        while (ReadName(ref reader, json))
        {
            bool isFound = reader.TextIs(name);
            ReadOnlySpan<byte> value = ReadValue(ref reader, json, out _);
            found = isFound ? value : found;
        }

        return found;
    }

    /// <summary>Returns a string; null if the JSON is not one, or if it is not valid Unicode.</summary>
    public static string? Text(ReadOnlySpan<byte> json)
    {
        Utf8JsonReader reader = new(json);
        return !json.IsEmpty && reader.Read() && reader.TokenType == JsonTokenType.String ? reader.Text() : null;
    }

    /// <summary>Returns an integer; null if the JSON is not one.</summary>
    public static int? Number(ReadOnlySpan<byte> json)
    {
        Utf8JsonReader reader = new(json);
        return !json.IsEmpty && reader.Read() && reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out int number) ? number : null;
    }

    /// <summary>Reads the name of the next field. Returns false after the last one, and if the JSON is not an object.</summary>
    private static bool ReadName(ref Utf8JsonReader reader, ReadOnlySpan<byte> json) =>
        !json.IsEmpty
        && reader.Read()
        && (reader.CurrentDepth > 0 || (reader.TokenType == JsonTokenType.StartObject && reader.Read()))
        && reader.TokenType == JsonTokenType.PropertyName;

    private static ReadOnlySpan<byte> ReadValue(scoped ref Utf8JsonReader reader, ReadOnlySpan<byte> json, out JsonTokenType kind)
    {
        reader.Read();
        kind = reader.TokenType;
        int start = (int)reader.TokenStartIndex;
        reader.Skip();
        return json.Slice(start, (int)reader.BytesConsumed - start);
    }
}
