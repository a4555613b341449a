using System.Text.Json;

namespace AssetCompute.Client.Serialization;

/// <summary>The fields that identify an event and its type, found in one pass over its top level.</summary>
internal ref struct EventHead
{
    // An event that is nested too deeply to be parsed must still have a type.
    private static readonly JsonReaderOptions s_options = new() { MaxDepth = int.MaxValue };

    private ReadOnlySpan<byte> _type;
    private ReadOnlySpan<byte> _source;
    private ReadOnlySpan<byte> _id;
    private ReadOnlySpan<byte> _xdmId;

    /// <summary><c>type</c>, or <c>@type</c> of the older AEM form; empty if there is neither, or if it is not valid Unicode.</summary>
    public readonly string Type => TryGetText(_type, out string? type) ? type ?? "" : "";

    /// <summary>Whether the event is in an envelope of CloudEvents.</summary>
    public bool IsCloudEvent { get; private set; }

    /// <summary>The JSON of <c>data</c>; empty unless it is an object.</summary>
    public ReadOnlySpan<byte> Data { get; private set; }

    /// <summary>
    /// Source and id of a CloudEvent, which are unique together according to its specification, or <c>@id</c> of the older AEM form. Null if there is
    /// neither, or if one is not valid Unicode and so cannot be compared.
    /// </summary>
    public readonly string? Identity
    {
        get
        {
            if (!TryGetText(_source, out string? source) || !TryGetText(_id, out string? id) || !TryGetText(_xdmId, out string? xdmId))
            {
                return null;
            }

            return !string.IsNullOrEmpty(id) ? $"{source} {id}".TrimStart() : string.IsNullOrEmpty(xdmId) ? null : xdmId;
        }
    }

    /// <summary>Reads the head of one JSON value.</summary>
    /// <exception cref="JsonException">The value is not JSON.</exception>
    public static EventHead Of(ReadOnlySpan<byte> json)
    {
        EventHead head = default;
        Utf8JsonReader reader = new(json, s_options);
        if (json.IsEmpty || !reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            return head;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            Utf8JsonReader field = reader;
            reader.Read();
            JsonTokenType kind = reader.TokenType;
            int start = (int)reader.TokenStartIndex;
            reader.Skip();
            head.Note(ref field, kind, json.Slice(start, (int)reader.BytesConsumed - start));
        }

        return head;
    }

    private void Note(ref Utf8JsonReader field, JsonTokenType kind, ReadOnlySpan<byte> value)
    {
        if (field.TextIs("specversion"u8))
        {
            IsCloudEvent = true;
        }
        else if (kind == JsonTokenType.StartObject)
        {
            Data = field.TextIs("data"u8) ? value : Data;
        }
        else if (kind == JsonTokenType.String)
        {
            if (_type.IsEmpty && (field.TextIs("type"u8) || field.TextIs("@type"u8)))
            {
                _type = value;
            }
            else if (field.TextIs("source"u8))
            {
                _source = value;
            }
            else if (field.TextIs("id"u8))
            {
                _id = value;
            }
            else if (field.TextIs("@id"u8))
            {
                _xdmId = value;
            }
        }
    }

    private static bool TryGetText(ReadOnlySpan<byte> json, out string? text)
    {
        text = null;
        if (json.IsEmpty)
        {
            return true;
        }

        try
        {
            Utf8JsonReader reader = new(json);
            reader.Read();
            text = reader.GetString();
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }
}
