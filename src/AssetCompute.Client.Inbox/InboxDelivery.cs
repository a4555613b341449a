namespace AssetCompute.Client.Inbox;

/// <summary>An event that a worker has taken from an inbox.</summary>
/// <param name="id">The id of the event.</param>
/// <param name="raw">The event's JSON, in UTF-8.</param>
/// <param name="attempt">The number of this attempt, from 1.</param>
/// <param name="receivedAt">When the event was stored.</param>
/// <param name="receipt">Identifies this delivery.</param>
/// <param name="lastReason">The reason of the last attempt that had an outcome. Default: none.</param>
/// <exception cref="ArgumentException">An id is missing or too long.</exception>
public sealed class InboxDelivery(string id, ReadOnlyMemory<byte> raw, int attempt, DateTimeOffset receivedAt, string receipt, string? lastReason = null)
{
    private AdobeEvent? _event;

    /// <summary>The id of the event.</summary>
    public string Id { get; } = InboxArguments.CheckedText(id, nameof(id));

    /// <summary>The event's JSON as received, in UTF-8.</summary>
    public ReadOnlyMemory<byte> Raw { get; } = raw;

    /// <summary>The event; an <see cref="UnknownEvent"/> if this SDK has no type for it. Never throws. Parsed at the first call.</summary>
    public AdobeEvent Event => _event ??= new JournalEntry(default, Raw).Event;

    /// <summary>The number of this attempt, from 1. Attempts that ended without an outcome count too.</summary>
    public int Attempt { get; } = attempt;

    /// <summary>When the event was stored, in UTC.</summary>
    public DateTimeOffset ReceivedAt { get; } = receivedAt;

    /// <summary>Identifies this delivery: another delivery of the same event has another receipt.</summary>
    public string Receipt { get; } = InboxArguments.CheckedText(receipt, nameof(receipt));

    /// <summary>The reason of the last failed attempt; null if there was none.</summary>
    public string? LastReason { get; } = lastReason;

    /// <summary>
    /// Whether the last attempt ended without an outcome: its process crashed, or lost the connection to the inbox. The event may be the cause, so workers
    /// run it alone. A returned event (<see cref="InboxOutcome.Returned"/>) keeps this value. Default: false.
    /// </summary>
    public bool WasAbandoned { get; init; }

    /// <summary>Returns the id and the attempt, without the event's content.</summary>
    public override string ToString() => $"{nameof(InboxDelivery)} {{ Id = {Id}, Attempt = {Attempt} }}";
}
