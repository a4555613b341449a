namespace AssetCompute.Client.Inbox;

/// <summary>An event of the inbox in memory: what it is, and where it stands.</summary>
internal sealed class InMemoryInboxEntry(string id, byte[] content, DateTimeOffset receivedAt, long sequence)
{
    public string Id { get; } = id;

    public byte[] Event { get; set; } = content;

    public DateTimeOffset ReceivedAt { get; } = receivedAt;

    public long Sequence { get; } = sequence;

    public DateTimeOffset Due { get; set; }

    public int Attempts { get; set; }

    /// <summary>Of the last delivery, or one that nobody has where the last attempt is known to have had no outcome; else null.</summary>
    public string? Receipt { get; set; }

    public string? Reason { get; set; }

    /// <summary>When it was completed or given up; null while it is open.</summary>
    public DateTimeOffset? EndedAt { get; set; }

    public bool IsDeadLetter { get; set; }
}
