namespace AssetCompute.Client.Journal;

/// <summary>The state of a processor or a relay at one moment.</summary>
internal sealed record JournalSnapshot
{
    /// <summary>Whether this process reads the journal.</summary>
    public bool IsReader { get; init; }

    /// <summary>When entries were last read or handled successfully; for a relay, when they were last stored, or another process was seen to hold the lease.</summary>
    public DateTimeOffset? LastGood { get; init; }

    /// <summary>Whether events have arrived since the reader last caught up.</summary>
    public bool IsBehind { get; init; }

    /// <summary>When the handling of the oldest unhandled entry started; null if all are handled, and for a relay.</summary>
    public DateTimeOffset? OldestOpen { get; init; }

    /// <summary>The last position that this process saved.</summary>
    public JournalPosition? Stored { get; init; }

    /// <summary>The last failure; null after a success.</summary>
    public Exception? Failure { get; init; }

    /// <summary>Whether reading has ended permanently.</summary>
    public bool HasEnded { get; init; }
}
