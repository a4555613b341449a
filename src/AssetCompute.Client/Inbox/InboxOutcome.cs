namespace AssetCompute.Client.Inbox;

/// <summary>What became of an event that was taken.</summary>
public sealed record InboxOutcome
{
    private InboxOutcome(InboxOutcomeKind kind, TimeSpan delay, string? reason)
    {
        Kind = kind;
        Delay = delay;
        Reason = reason;
    }

    /// <summary>It is done.</summary>
    public static InboxOutcome Completed { get; } = new(InboxOutcomeKind.Completed, TimeSpan.Zero, null);

    /// <summary>Which of the three it is.</summary>
    public InboxOutcomeKind Kind { get; }

    /// <summary>How long it waits before it is handed out again; zero unless it is to be tried again.</summary>
    public TimeSpan Delay { get; }

    /// <summary>Why it is not done; null where it is.</summary>
    public string? Reason { get; }

    /// <summary>It is to be tried again.</summary>
    /// <param name="delay">After what time; zero or more.</param>
    /// <param name="reason">Why; kept with the event. It must hold no secret.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="delay"/> is negative.</exception>
    public static InboxOutcome Retry(TimeSpan delay, string? reason = null) =>
        delay >= TimeSpan.Zero
            ? new(InboxOutcomeKind.Retry, delay, reason)
            : throw new ArgumentOutOfRangeException(nameof(delay), delay, "The delay must be zero or more.");

    /// <summary>It is given up: kept as a dead letter, until it is requeued.</summary>
    /// <param name="reason">Why; kept with the event. It must hold no secret.</param>
    /// <exception cref="ArgumentException"><paramref name="reason"/> is null or empty.</exception>
    public static InboxOutcome DeadLetter(string reason)
    {
        ArgumentException.ThrowIfNullOrEmpty(reason);
        return new(InboxOutcomeKind.DeadLetter, TimeSpan.Zero, reason);
    }
}
