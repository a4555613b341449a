namespace AssetCompute.Client.Inbox;

/// <summary>An event of the inbox in memory, with its state.</summary>
internal sealed class InMemoryInboxEntry(string id, byte[] content, DateTimeOffset receivedAt, long sequence)
{
    public string Id { get; } = id;

    public byte[] Event { get; set; } = content;

    public DateTimeOffset ReceivedAt { get; } = receivedAt;

    public long Sequence { get; } = sequence;

    public DateTimeOffset Due { get; set; }

    public int Attempts { get; set; }

    /// <summary>The receipt of the last delivery, or one that no worker has if the last attempt is known to have had no outcome; else null.</summary>
    public string? Receipt { get; set; }

    public string? Reason { get; set; }

    /// <summary>When the event was completed or became a dead letter; null while it is open.</summary>
    public DateTimeOffset? EndedAt { get; set; }

    public bool IsDeadLetter { get; set; }
}
