using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace AssetCompute.Client.Serialization;

/// <summary>
/// The identity of an event, the same by webhook and by journal.
/// </summary>
internal static class EventIdentity
{
    /// <summary>The maximum number of characters of an identity.</summary>
    private const int MaxLength = 512;

    private static readonly JsonReaderOptions s_anyDepth = new() { MaxDepth = int.MaxValue };

    /// <summary>Returns the event's own identity.</summary>
    /// <param name="json">The event: one complete JSON value, already validated.</param>
    /// <returns>
    /// Source and id of a CloudEvent, which are unique together according to its specification; <c>@id</c> of an event of the older AEM form; null if the
    /// event has neither, or if one of them is not valid Unicode. If the identity is longer than 512 characters, or a store could not keep it, a hash of it.
    /// </returns>
    public static string? Of(ReadOnlySpan<byte> json)
    {
        string? id = null, source = null, xdmId = null;
        try
        {
            // A reader, because the time of a JsonDocument grows with the square of the depth.
            Utf8JsonReader reader = new(json, s_anyDepth);
            if (json.IsEmpty || !reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            {
                return null;
            }

            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                (bool isId, bool isSource, bool isXdmId) = (reader.TextIs("id"u8), reader.TextIs("source"u8), reader.TextIs("@id"u8));
                reader.Read();
                if (reader.TokenType != JsonTokenType.String || !(isId || isSource || isXdmId))
                {
                    reader.Skip();
                }
                else if (reader.Text() is not { } text)
                {
                    // Not valid Unicode. Without this field, two events could have one identity.
                    return null;
                }
                else
                {
                    (id, source, xdmId) = (isId ? text : id, isSource ? text : source, isXdmId ? text : xdmId);
                }
            }

            string? identity = !string.IsNullOrEmpty(id) ? $"{source} {id}".TrimStart() : string.IsNullOrEmpty(xdmId) ? null : xdmId;
            return identity is null ? null : Bounded(identity);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Returns the identity of an event without its own identity: its position in the journal.</summary>
    public static string OfPosition(string position) => Bounded("position:" + position);

    /// <summary>Returns the identity of an event without a position: a hash of its bytes.</summary>
    public static string OfContent(ReadOnlyMemory<byte> json) => Hash(json.ToArray());

    /// <summary>Replaces an identity that is too long or contains a zero character, which databases do not accept, with its hash.</summary>
    private static string Bounded(string identity) =>
        identity.Length <= MaxLength && identity.IndexOf('\0') < 0 ? identity : Hash(Encoding.Unicode.GetBytes(identity));

    private static string Hash(byte[] bytes) => "sha256:" + Convert.ToBase64String(SHA256.HashData(bytes));
}
