namespace AssetCompute.Client.Inbox;

/// <summary>
/// Thrown by a handler to retry the event after a delay, such as the <c>Retry-After</c> of a server. It counts as an attempt.
/// </summary>
/// <param name="delay">The delay; zero to 365 days.</param>
/// <param name="message">The reason, which is kept with the event. It must not contain a secret.</param>
/// <param name="innerException">The cause. Default: none.</param>
/// <exception cref="ArgumentOutOfRangeException"><paramref name="delay"/> is out of range.</exception>
public sealed class InboxRetryException(TimeSpan delay, string message, Exception? innerException = null) : Exception(message, innerException)
{
    /// <summary>The delay before the next attempt.</summary>
    public TimeSpan Delay { get; } = InboxOutcome.Retry(delay).Delay;
}
