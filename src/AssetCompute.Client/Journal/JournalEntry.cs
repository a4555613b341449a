using System.Security.Cryptography;
using System.Text;
using AssetCompute.Client.Serialization;

namespace AssetCompute.Client;

/// <summary>One entry of a journal: a position and an event.</summary>
/// <param name="position">The position of the event.</param>
/// <param name="raw">The event's JSON, in UTF-8.</param>
public sealed class JournalEntry(JournalPosition position, ReadOnlyMemory<byte> raw)
{
    private const int MaxIdLength = 512;
    private AdobeEvent? _event;

    /// <summary>
    /// The stable identity of the event, 1 to 512 characters, which identifies a repeated event: <c>source</c> and <c>id</c> of a CloudEvent, else
    /// <c>@id</c>, else the position, else a hash of the JSON. An event with its own identity has the same one in a webhook delivery.
    /// </summary>
    public string Id => (EventReader.IdentityOf(raw.Span) ?? (position.Value is { } text ? "position:" + text : null)) switch
    {
        null => Hash(raw.ToArray()),

        // Databases do not accept a zero character.
        { Length: <= MaxIdLength } identity when identity.IndexOf('\0') < 0 => identity,
        { } identity => Hash(Encoding.Unicode.GetBytes(identity)),
    };

    /// <summary>
    /// The position of the event. Reading that starts here continues with the next event. <see cref="JournalPosition.Oldest"/> if the journal gave no
    /// position.
    /// </summary>
    public JournalPosition Position => position;

    /// <summary>
    /// The event: <see cref="RenditionCreated"/>, <see cref="RenditionFailed"/>, an <see cref="AemAssetEvent"/>, or <see cref="UnknownEvent"/> with all its
    /// JSON. Never throws. Parsed from <see cref="Raw"/> at the first call.
    /// </summary>
    public AdobeEvent Event => Volatile.Read(ref _event) ?? Interlocked.CompareExchange(ref _event, EventReader.Read(raw), null) ?? _event!;

    /// <summary>The event's JSON as received, in UTF-8.</summary>
    public ReadOnlyMemory<byte> Raw => raw;

    /// <summary>Why the event cannot be delivered; null if it can.</summary>
    internal string? Problem { get; init; }

    /// <summary>Returns the position and the type of the event.</summary>
    public override string ToString() => $"{nameof(JournalEntry)} {{ Position = {Position}, Event = {Event.GetType().Name} }}";

    private static string Hash(byte[] bytes) => "sha256:" + Convert.ToBase64String(SHA256.HashData(bytes));
}
