namespace AssetCompute.Client.Inbox;

/// <summary>The outcome of a taken event.</summary>
public sealed record InboxOutcome
{
    private const int MaxReasonLength = 2000;
    private static readonly TimeSpan s_longestDelay = TimeSpan.FromDays(365);

    private InboxOutcome()
    {
    }

    /// <summary>The event is completed.</summary>
    public static InboxOutcome Completed { get; } = new() { Kind = InboxOutcomeKind.Completed };

    /// <summary>There was no attempt, or the shutdown interrupted it. The event is delivered again immediately, and this attempt does not count.</summary>
    public static InboxOutcome Returned { get; } = new() { Kind = InboxOutcomeKind.Returned };

    /// <summary>The kind of the outcome.</summary>
    public InboxOutcomeKind Kind { get; private init; }

    /// <summary>How long the event waits before it is delivered again; zero unless it is retried.</summary>
    public TimeSpan Delay { get; private init; }

    /// <summary>Why the event is not completed; null if it is, or if no reason was given.</summary>
    public string? Reason { get; private init; }

    /// <summary>The event is retried.</summary>
    /// <param name="delay">The delay; zero to 365 days.</param>
    /// <param name="reason">The reason; its first 2,000 characters are kept with the event until the next outcome. It must not contain a secret.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="delay"/> is out of range.</exception>
    public static InboxOutcome Retry(TimeSpan delay, string? reason = null) =>
        delay >= TimeSpan.Zero && delay <= s_longestDelay
            ? new() { Kind = InboxOutcomeKind.Retry, Delay = delay, Reason = reason is null ? null : Kept(reason) }
            : throw new ArgumentOutOfRangeException(nameof(delay), delay, "The delay must be zero to 365 days.");

    /// <summary>The event becomes a dead letter, which is kept until it is requeued.</summary>
    /// <param name="reason">The reason; its first 2,000 characters are kept with the event. It must not contain a secret.</param>
    /// <exception cref="ArgumentException"><paramref name="reason"/> is null or empty.</exception>
    public static InboxOutcome DeadLetter(string reason)
    {
        ArgumentException.ThrowIfNullOrEmpty(reason);
        return new() { Kind = InboxOutcomeKind.DeadLetter, Reason = Kept(reason) };
    }

    /// <summary>Returns the reason in a form that every store accepts: most reasons are exception messages, which may contain any characters.</summary>
    private static string Kept(string reason) =>
        InboxArguments.Storable(reason.Length <= MaxReasonLength ? reason : reason.Substring(0, MaxReasonLength));
}
