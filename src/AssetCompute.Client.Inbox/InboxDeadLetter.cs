namespace AssetCompute.Client.Inbox;

/// <summary>An event whose attempts all failed.</summary>
/// <param name="Id">The id of the event.</param>
/// <param name="Event">The event's JSON as received, in UTF-8.</param>
/// <param name="Attempts">The number of attempts.</param>
/// <param name="Reason">Why it became a dead letter.</param>
/// <param name="ReceivedAt">When it was stored, in UTC.</param>
/// <param name="DeadLetteredAt">When it became a dead letter, in UTC.</param>
public sealed record InboxDeadLetter(string Id, ReadOnlyMemory<byte> Event, int Attempts, string Reason, DateTimeOffset ReceivedAt, DateTimeOffset DeadLetteredAt)
{
    /// <summary>Returns the id and the reason, without the event's content.</summary>
    public override string ToString() => $"{nameof(InboxDeadLetter)} {{ Id = {Id}, Reason = {Reason} }}";
}
