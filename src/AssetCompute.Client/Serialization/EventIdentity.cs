using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace AssetCompute.Client.Serialization;

/// <summary>
/// What an event is known by, whichever way it comes: by webhook and by journal alike.
/// </summary>
internal static class EventIdentity
{
    /// <summary>The most characters of an identity.</summary>
    public const int MaxLength = 512;

    /// <summary>The identity that stands in the event itself.</summary>
    /// <param name="json">The event: one whole JSON value, known to be well-formed.</param>
    /// <returns>
    /// Source and id of a CloudEvent, which are unique together by its specification; <c>@id</c> of an event of the older AEM form; null where
    /// the event has neither. Where it is longer than <see cref="MaxLength"/>, or no store could keep it, a hash of it.
    /// </returns>
    public static string? Of(ReadOnlySpan<byte> json)
    {
        try
        {
            return EventHead.Of(json).Identity is { } identity ? Bounded(identity) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>The identity of an event that has none in itself: its place in the journal.</summary>
    public static string OfPosition(string position) => Bounded("position:" + position);

    /// <summary>The identity of an event that has not even a place: its bytes.</summary>
    public static string OfContent(ReadOnlyMemory<byte> json) => Hash(json.ToArray());

    /// <summary>Databases do not take a zero character.</summary>
    private static string Bounded(string identity) =>
        identity.Length <= MaxLength && identity.IndexOf('\0') < 0 ? identity : Hash(Encoding.Unicode.GetBytes(identity));

    private static string Hash(byte[] bytes) => "sha256:" + Convert.ToBase64String(SHA256.HashData(bytes));
}
