namespace AssetCompute.Client.Inbox;

/// <summary>
/// Thrown by a handler to have the event tried again after a time of its choice, such as the <c>Retry-After</c> of where it writes to. It counts as an attempt.
/// </summary>
public sealed class InboxRetryException : Exception
{
    /// <summary>To be tried again at once.</summary>
    public InboxRetryException()
    {
    }

    /// <summary>To be tried again at once.</summary>
    /// <param name="message">Why; kept with the event. It must hold no secret.</param>
    public InboxRetryException(string message)
        : base(message)
    {
    }

    /// <summary>To be tried again at once.</summary>
    /// <param name="message">Why; kept with the event. It must hold no secret.</param>
    /// <param name="innerException">The cause, or null.</param>
    public InboxRetryException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }

    /// <summary>To be tried again after a time.</summary>
    /// <param name="delay">After what time; zero to 365 days.</param>
    /// <param name="message">Why; kept with the event. It must hold no secret.</param>
    /// <param name="innerException">The cause. Default: none.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="delay"/> is out of its range.</exception>
    public InboxRetryException(TimeSpan delay, string message, Exception? innerException = null)
        : base(message, innerException) => Delay = InboxOutcome.Retry(delay).Delay;

    /// <summary>After what time.</summary>
    public TimeSpan Delay { get; }
}
