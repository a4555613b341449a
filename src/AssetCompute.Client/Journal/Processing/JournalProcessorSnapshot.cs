namespace AssetCompute.Client.Journal;

/// <summary>The state of a processor at one moment.</summary>
internal sealed record JournalProcessorSnapshot
{
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>When the journal was last read successfully.</summary>
    public DateTimeOffset? LastRead { get; init; }

    /// <summary>When an entry was last handled.</summary>
    public DateTimeOffset? LastHandled { get; init; }

    /// <summary>When the reader last delivered every event in the journal.</summary>
    public DateTimeOffset? LastCaughtUp { get; init; }

    /// <summary>Whether events have arrived since the processor last caught up.</summary>
    public bool IsBehind { get; init; } = true;

    /// <summary>The last saved checkpoint.</summary>
    public JournalPosition? Committed { get; init; }

    /// <summary>Why the processor has ended; null while it runs.</summary>
    public Exception? Failure { get; init; }

    /// <summary>
    /// How far the processor may be behind: how long its oldest entry has been open, else the time since it last caught up, or zero if it is caught up.
    /// </summary>
    public TimeSpan LagAt(DateTimeOffset now, DateTimeOffset? oldestOpen) =>
        (oldestOpen ?? (IsBehind ? LastHandled ?? LastCaughtUp ?? StartedAt : null)) is { } since ? now - since : TimeSpan.Zero;
}
