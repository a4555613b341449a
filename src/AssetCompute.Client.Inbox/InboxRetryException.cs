namespace AssetCompute.Client.Inbox;

/// <summary>
/// Thrown by a handler to have the event tried again after a time of its choice, such as the <c>Retry-After</c> of where it writes to. It counts as an attempt.
/// </summary>
/// <param name="delay">After what time; zero to 365 days.</param>
/// <param name="message">Why; kept with the event. It must hold no secret.</param>
/// <param name="innerException">The cause. Default: none.</param>
/// <exception cref="ArgumentOutOfRangeException"><paramref name="delay"/> is out of its range.</exception>
public sealed class InboxRetryException(TimeSpan delay, string message, Exception? innerException = null) : Exception(message, innerException)
{
    /// <summary>After what time.</summary>
    public TimeSpan Delay { get; } = InboxOutcome.Retry(delay).Delay;
}
