namespace AssetCompute.Client;

/// <summary>
/// A request was accepted, but not all its events arrived in time. They may still arrive: the service does not know the timeout.
/// </summary>
public sealed class RenditionJobTimeoutException : TimeoutException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">What happened, and what to do.</param>
    /// <param name="innerException">The cause. Default: none.</param>
    public RenditionJobTimeoutException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }

    /// <summary>The id of the request.</summary>
    public string RequestId { get; init; } = "";

    /// <summary>The renditions whose events are missing, in the order of the request.</summary>
    public IReadOnlyList<Rendition> Missing { get; init; } = [];

    /// <summary>The events that arrived, in the order of the request.</summary>
    public IReadOnlyList<RenditionEvent> Received { get; init; } = [];
}
