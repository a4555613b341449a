namespace AssetCompute.Client.Journal;

/// <summary>The state of a processor at one moment.</summary>
internal sealed record JournalProcessorSnapshot
{
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>When the journal was last read well.</summary>
    public DateTimeOffset? LastRead { get; init; }

    /// <summary>When an entry was last handled.</summary>
    public DateTimeOffset? LastHandled { get; init; }

    /// <summary>When every event that the journal had was last delivered.</summary>
    public DateTimeOffset? LastCaughtUp { get; init; }

    /// <summary>Whether events have come since the processor was last caught up.</summary>
    public bool IsBehind { get; init; } = true;

    /// <summary>The checkpoint that was saved last.</summary>
    public JournalPosition? Committed { get; init; }

    /// <summary>Why the processor has ended; null while it runs.</summary>
    public Exception? Failure { get; init; }

    /// <summary>
    /// How far behind the processor may be: how long its oldest entry has been open, else the time since it was last caught up, or zero where it is.
    /// </summary>
    public TimeSpan LagAt(DateTimeOffset now, DateTimeOffset? oldestOpen) =>
        (oldestOpen ?? (IsBehind ? LastHandled ?? LastCaughtUp ?? StartedAt : null)) is { } since ? now - since : TimeSpan.Zero;
}
