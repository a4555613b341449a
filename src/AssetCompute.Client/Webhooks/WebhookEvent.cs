using AssetCompute.Client.Serialization;

namespace AssetCompute.Client.Webhooks;

/// <summary>An event of a delivery whose signature and recipient are right.</summary>
public sealed class WebhookEvent
{
    private AdobeEvent? _event;

    /// <summary>An event, as a receiver or a test makes it.</summary>
    /// <param name="id">What the event is known by.</param>
    /// <param name="raw">The event's JSON, in UTF-8, without the envelope of the delivery.</param>
    /// <exception cref="ArgumentException"><paramref name="id"/> is null or empty.</exception>
    public WebhookEvent(string id, ReadOnlyMemory<byte> raw)
    {
        ArgumentException.ThrowIfNullOrEmpty(id);
        Id = id;
        Raw = raw;
    }

    /// <summary>
    /// What the event is known by, the same in every delivery and, where the event itself has an id, in the journal: store it once under this id.
    /// </summary>
    public string Id { get; }

    /// <summary>The id that Adobe gave the event in the envelope (<c>eventid</c>); null where there is none.</summary>
    public string? EventId { get; init; }

    /// <summary>The event's JSON as it came, in UTF-8, without the envelope of the delivery.</summary>
    public ReadOnlyMemory<byte> Raw { get; }

    /// <summary>The event; <see cref="UnknownEvent"/> where this SDK has no type for it. Never an error. Parsed at the first call.</summary>
    public AdobeEvent Event => _event ??= EventParser.Parse(Raw);

    /// <summary>The id, without the event's content.</summary>
    public override string ToString() => $"{nameof(WebhookEvent)} {{ Id = {Id} }}";
}
