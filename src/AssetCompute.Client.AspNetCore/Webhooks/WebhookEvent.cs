namespace AssetCompute.Client.Webhooks;

/// <summary>An event of a delivery. Its signature and recipient are verified.</summary>
public sealed class WebhookEvent
{
    private readonly JournalEntry _entry;

    /// <summary>Creates an event, for example in a test.</summary>
    /// <param name="id">The identity of the event.</param>
    /// <param name="raw">The event's JSON, in UTF-8, without the envelope of the delivery.</param>
    /// <exception cref="ArgumentException"><paramref name="id"/> is null or empty.</exception>
    public WebhookEvent(string id, ReadOnlyMemory<byte> raw)
    {
        ArgumentException.ThrowIfNullOrEmpty(id);
        Id = id;
        _entry = new JournalEntry(default, raw);
    }

    /// <summary>
    /// The identity of the event. It is the same in every delivery and, if the event has its own identity, the same as <see cref="JournalEntry.Id"/>. Store
    /// the event once under it.
    /// </summary>
    public string Id { get; }

    /// <summary>The id that Adobe gave the event in the envelope (<c>eventid</c>); null if there is none.</summary>
    public string? EventId { get; init; }

    /// <summary>The event's JSON as received, in UTF-8, without the envelope of the delivery.</summary>
    public ReadOnlyMemory<byte> Raw => _entry.Raw;

    /// <summary>The typed event; an <see cref="UnknownEvent"/> if this SDK has no type for it. Never throws. Parsed at the first call.</summary>
    public AdobeEvent Event => _entry.Event;

    /// <summary>Why the event is set aside; null if it is not.</summary>
    internal string? Problem { get; init; }

    /// <summary>Returns the id, without the event's content.</summary>
    public override string ToString() => $"{nameof(WebhookEvent)} {{ Id = {Id} }}";
}
