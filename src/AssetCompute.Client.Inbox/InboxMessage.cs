namespace AssetCompute.Client.Inbox;

/// <summary>An event to store.</summary>
/// <param name="Id">
/// The event's own id, the same by webhook and by journal; 1 to 512 characters, without U+0000 and unpaired surrogates. Events with the same id are stored
/// once.
/// </param>
/// <param name="Event">The event's JSON, in UTF-8.</param>
/// <exception cref="ArgumentException"><paramref name="Id"/> is null, empty or too long, or contains U+0000 or an unpaired surrogate.</exception>
public sealed record InboxMessage(string Id, ReadOnlyMemory<byte> Event)
{
    /// <summary>The event's own id.</summary>
    public string Id { get; } = InboxArguments.CheckedText(Id, nameof(Id));

    /// <summary>
    /// Stores the event as a dead letter immediately, with this reason. Use it for an event that no worker can read. Default: null, the event waits for a
    /// worker. The reason must not contain a secret; its first 2,000 characters are kept.
    /// </summary>
    public string? DeadLetterReason { get; init => field = value is null ? null : InboxOutcome.DeadLetter(value).Reason; }

    /// <summary>Returns the id, without the event's content.</summary>
    public override string ToString() => $"{nameof(InboxMessage)} {{ Id = {Id} }}";
}
