namespace AssetCompute.Client.Inbox;

/// <summary>An event of an inbox with its state, for the import into another inbox.</summary>
/// <param name="Id">The id of the event.</param>
/// <param name="Event">The event's JSON, in UTF-8; empty if it is completed.</param>
/// <param name="ReceivedAt">When it was stored, in UTC.</param>
public sealed record InboxRecord(string Id, ReadOnlyMemory<byte> Event, DateTimeOffset ReceivedAt)
{
    /// <summary>When an open event is due. Default: null, immediately.</summary>
    public DateTimeOffset? DueAt { get; init; }

    /// <summary>Whether the last attempt of an open event ended without an outcome. Default: false.</summary>
    public bool WasAbandoned { get; init; }

    /// <summary>When it was completed or became a dead letter, in UTC; null while it is open.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>Whether it is a dead letter. Default: false.</summary>
    public bool IsDeadLetter { get; init; }

    /// <summary>The number of attempts. Default: 0.</summary>
    public int Attempts { get; init; }

    /// <summary>The reason of the last outcome; null if there was none.</summary>
    public string? Reason { get; init; }
}
