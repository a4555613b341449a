namespace AssetCompute.Client;

/// <summary>
/// A request was accepted, but not all of its events came in time. They may still come: the service knows nothing of the time limit.
/// </summary>
public sealed class RenditionJobTimeoutException : TimeoutException
{
    /// <summary>A job out of time, without details.</summary>
    public RenditionJobTimeoutException()
        : this("Not all events of the request came in time.")
    {
    }

    /// <summary>A job out of time.</summary>
    /// <param name="message">What is missing.</param>
    public RenditionJobTimeoutException(string message)
        : this(message, innerException: null)
    {
    }

    /// <summary>A job out of time.</summary>
    /// <param name="message">What is missing.</param>
    /// <param name="innerException">The cause, or null.</param>
    public RenditionJobTimeoutException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }

    /// <summary>The id of the request.</summary>
    public string RequestId { get; init; } = "";

    /// <summary>The renditions whose events are missing, in the order of the request.</summary>
    public IReadOnlyList<Rendition> Missing { get; init; } = [];

    /// <summary>The events that did come, in the order of the request.</summary>
    public IReadOnlyList<RenditionEvent> Received { get; init; } = [];
}
