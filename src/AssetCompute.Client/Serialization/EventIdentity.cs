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

    /// <summary>Returns the event's own identity.</summary>
    /// <param name="json">The event: one complete JSON value, already validated.</param>
    /// <returns>
    /// Source and id of a CloudEvent, which are unique together according to its specification; <c>@id</c> of an event of the older AEM form; null if the
    /// event has neither, or if one of them is not valid Unicode. If the identity is longer than 512 characters, or a store could not keep it, a hash of it.
    /// </returns>
    public static string? Of(ReadOnlySpan<byte> json)
    {
        try
        {
            JsonElement root = EventReader.Parse(json);
            if (IsUnreadable(root, "id"u8) || IsUnreadable(root, "source"u8) || IsUnreadable(root, "@id"u8))
            {
                return null;
            }

            string? identity = root.Text("id"u8) is { } id ? $"{root.Text("source"u8)} {id}".TrimStart() : root.Text("@id"u8);
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

    /// <summary>Whether a field has a string that is not valid Unicode. Without the field, two events could have one identity.</summary>
    private static bool IsUnreadable(JsonElement root, ReadOnlySpan<byte> name) => root.Value(name, JsonValueKind.String) is not null && root.Text(name) is null;

    private static string Hash(byte[] bytes) => "sha256:" + Convert.ToBase64String(SHA256.HashData(bytes));
}
