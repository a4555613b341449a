using System.Text.Json;

namespace AssetCompute.Client.Serialization;

/// <summary>
/// Converts the JSON of an event into a typed event. An event without a matching type is an <see cref="UnknownEvent"/>; no event is an error.
/// </summary>
internal static class EventReader
{
    /// <summary>The maximum depth of an event. Of a deeper one, only the identity is read.</summary>
    public const int MaxDepth = 256;

    private static readonly byte[] s_null = "null"u8.ToArray();

    public static AdobeEvent Read(ReadOnlyMemory<byte> json)
    {
        using JsonDocument? document = Parse(json);
        JsonElement root = document?.RootElement ?? default;
        JsonElement? data = DataOf(root);
        string? type = TypeOf(root);

        // The type in the data takes precedence over the type in the envelope.
        RenditionEvent? rendition = ((data is { } inner ? TypeOf(inner) : null) ?? type) switch
        {
            RenditionCreated.TypeName => EchoReader.Read<RenditionCreated>(data ?? root),
            RenditionFailed.TypeName => EchoReader.Read<RenditionFailed>(data ?? root),
            _ => null,
        };
        return rendition ?? AemAssetEventReader.Typed(new UnknownEvent { Type = type ?? "", Json = document is null ? default : root.Clone() });
    }

    /// <summary>Parses an event. Returns null if it is nested too deeply, or is not JSON: the caller's own code may have created the entry.</summary>
    public static JsonDocument? Parse(ReadOnlyMemory<byte> json)
    {
        try
        {
            // An entry may have no event.
            return JsonDocument.Parse(json.IsEmpty ? s_null : json, new JsonDocumentOptions { MaxDepth = MaxDepth });
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Returns the data of an envelope of CloudEvents; null if the event is not in one, or if its data is not an object.</summary>
    public static JsonElement? DataOf(JsonElement json) =>
        json.Field("specversion"u8).ValueKind == JsonValueKind.Undefined ? null : json.Value("data"u8, JsonValueKind.Object);

    /// <summary>
    /// Returns the event's own identity, the same by webhook and by journal: source and id of a CloudEvent, which are unique together according to its
    /// specification, or <c>@id</c> of an event of the older AEM form. Null if the event has neither, or if one of them is not valid Unicode: without it, two
    /// events could have one identity.
    /// </summary>
    public static string? IdentityOf(ReadOnlySpan<byte> json)
    {
        // A reader, because the event may have any depth, and the time of a JsonDocument grows with the square of the depth.
        Utf8JsonReader reader = new(json, new JsonReaderOptions { MaxDepth = int.MaxValue });
        (string? id, string? source, string? xdmId) = (null, null, null);
        try
        {
            bool isObject = reader.Read() && reader.TokenType == JsonTokenType.StartObject;
            while (isObject && reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                (bool isId, bool isSource, bool isXdmId) = (reader.TextIs("id"u8), reader.TextIs("source"u8), reader.TextIs("@id"u8));
                reader.Read();
                if (reader.TokenType == JsonTokenType.String)
                {
                    id = isId ? reader.GetString() : id;
                    source = isSource ? reader.GetString() : source;
                    xdmId = isXdmId ? reader.GetString() : xdmId;
                }

                reader.Skip();
            }
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return null;
        }

        string? identity = string.IsNullOrEmpty(id) ? xdmId : $"{source} {id}".TrimStart();
        return string.IsNullOrEmpty(identity) ? null : identity;
    }

    private static string? TypeOf(JsonElement json) => json.Text("type"u8) ?? json.Text("@type"u8);
}
