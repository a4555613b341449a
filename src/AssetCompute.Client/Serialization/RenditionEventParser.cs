using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace AssetCompute.Client.Serialization;

/// <summary>The fields of an event about a rendition.</summary>
internal static class RenditionEventParser
{
    /// <summary>Reads one event.</summary>
    /// <param name="json">One whole JSON object, known to be well-formed.</param>
    /// <param name="own">The same bytes where the event may keep them, to build the rest from when it is read; else default.</param>
    /// <param name="answered">What the event answers, and so merely echoes.</param>
    /// <param name="created">Whether the rendition was created.</param>
    [MethodImpl(HotPath.Options)]
    public static RenditionEvent Parse(
        ReadOnlySpan<byte> json,
        ArraySegment<byte> own,
        (ProcessRequest Request, Rendition Rendition)? answered,
        bool created)
    {
        DateTimeOffset? date = null;
        string? requestId = null;
        AssetSource? source = answered?.Request.Source;
        JsonObject? userData = answered?.Request.UserData;
        Rendition? rendition = answered?.Rendition;
        RenditionMetadata? metadata = null;
        EmbeddedData? data = null;
        string? reason = null;
        string? message = null;
        JsonObject? customFields = null;

        Utf8JsonReader reader = new(json, EventParser.ReaderOptions);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            Utf8JsonReader field = reader;
            bool known = false;
            if (reader.TextIs("type"u8) || (answered is not null && IsEcho(ref reader)))
            {
                reader.Read();
                reader.Skip();
                known = true;
            }
            else if (reader.TextIs("date"u8))
            {
                known = JsonFields.TryReadDate(ref reader, out date);
            }
            else if (reader.TextIs("requestId"u8))
            {
                known = JsonFields.TryReadString(ref reader, out requestId);
            }
            else if (reader.TextIs("source"u8))
            {
                known = TryReadSource(ref reader, out source);
            }
            else if (reader.TextIs("userData"u8))
            {
                // A null is kept as a custom field, as it came.
                known = JsonFields.TryReadObject(ref reader, out userData) && userData is not null;
            }
            else if (reader.TextIs("rendition"u8))
            {
                reader.Read();
                rendition = EchoReader.Read<Rendition>(ref reader);
                known = rendition is not null || reader.TokenType == JsonTokenType.Null;
            }
            else if (reader.TextIs("metadata"u8))
            {
                reader.Read();
                metadata = RenditionMetadataParser.Parse(ref reader);
                known = metadata is not null;
            }
            else if (created && reader.TextIs("data"u8))
            {
                known = JsonFields.TryReadString(ref reader, out string? uri) && EmbeddedData.TryCreate(uri, out data);
            }
            else if (!created && reader.TextIs("errorReason"u8))
            {
                known = JsonFields.TryReadString(ref reader, out reason);
            }
            else if (!created && reader.TextIs("errorMessage"u8))
            {
                known = TryReadText(ref reader, out message);
            }

            if (!known)
            {
                reader = field;
                JsonFields.Keep(ref reader, ref customFields);
            }
        }

        return created
            ? new RenditionCreated
            {
                Date = date,
                RequestId = requestId ?? "",
                Source = source,
                UserData = userData,
                Rendition = rendition ?? new Rendition(),
                Metadata = metadata ?? new RenditionMetadata(),
                Data = data,
                CustomFields = customFields,
            }
            : new RenditionFailed
            {
                Date = date,
                RequestId = requestId ?? "",
                Source = source,
                UserData = userData,
                Rendition = rendition ?? new Rendition(),
                Metadata = metadata,
                Reason = string.IsNullOrEmpty(reason) ? default : new RenditionFailureReason(reason!),
                Message = message,
                CustomFields = customFields,
            };
    }

    private static bool IsEcho(ref Utf8JsonReader reader) =>
        reader.TextIs("source"u8) || reader.TextIs("userData"u8) || reader.TextIs("rendition"u8);

    private static bool TryReadSource(ref Utf8JsonReader reader, out AssetSource? source)
    {
        Utf8JsonReader field = reader;
        if (JsonFields.TryReadString(ref reader, out string? url))
        {
            source = url is null ? null : new AssetSource { Url = url };
            return true;
        }

        reader = field;
        reader.Read();
        source = EchoReader.Read<AssetSource>(ref reader);
        return source is not null;
    }

    /// <summary>Adobe's worker puts whatever was thrown into the message, not always a string.</summary>
    private static bool TryReadText(ref Utf8JsonReader reader, out string? text)
    {
        Utf8JsonReader field = reader;
        if (JsonFields.TryReadString(ref reader, out text))
        {
            return true;
        }

        reader = field;
        reader.Read();
        text = JsonElement.ParseValue(ref reader).GetRawText();
        return true;
    }
}
