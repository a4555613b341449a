using System.Text.Json;

namespace AssetCompute.Client.Serialization;

/// <summary>
/// What an event is known by, whichever way it comes: by webhook and by journal alike.
/// </summary>
internal static class EventIdentity
{
    /// <summary>The identity that stands in the event itself.</summary>
    /// <param name="json">The event: one whole JSON value, known to be well-formed.</param>
    /// <returns>
    /// Source and id of a CloudEvent, which are unique together by its specification; <c>@id</c> of an event of the older AEM form; null where
    /// the event has neither.
    /// </returns>
    public static string? Of(ReadOnlySpan<byte> json)
    {
        string? source = null;
        string? id = null;
        string? xdmId = null;
        Utf8JsonReader reader = new(json, EventParser.ReaderOptions);
        if (json.IsEmpty || !reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            return null;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            bool isSource = reader.ValueTextEquals("source"u8);
            bool isId = reader.ValueTextEquals("id"u8);
            bool isXdmId = reader.ValueTextEquals("@id"u8);
            reader.Read();
            if (reader.TokenType == JsonTokenType.String)
            {
                source = isSource ? reader.GetString() : source;
                id = isId ? reader.GetString() : id;
                xdmId = isXdmId ? reader.GetString() : xdmId;
            }

            reader.Skip();
        }

        return !string.IsNullOrEmpty(id) ? $"{source} {id}".TrimStart() : string.IsNullOrEmpty(xdmId) ? null : xdmId;
    }
}
