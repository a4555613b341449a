namespace AssetCompute.Client.Inbox;

/// <summary>An event to store.</summary>
/// <param name="Id">The event's own id, the same by webhook and by journal; up to 512 characters. Events of one id are stored once.</param>
/// <param name="Event">The event's JSON, in UTF-8.</param>
public sealed record InboxMessage(string Id, ReadOnlyMemory<byte> Event)
{
    /// <summary>The id, without the event's content.</summary>
    public override string ToString() => $"{nameof(InboxMessage)} {{ Id = {Id} }}";
}
