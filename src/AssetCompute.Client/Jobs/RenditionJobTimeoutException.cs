namespace AssetCompute.Client;

/// <summary>A request was accepted, but not all its events arrived in time. They may still arrive: the service does not know the timeout.</summary>
/// <param name="message">What happened, and what to do.</param>
/// <param name="innerException">The cause. Default: none.</param>
public sealed class RenditionJobTimeoutException(string message, Exception? innerException = null) : TimeoutException(message, innerException)
{
    /// <summary>The id of the request.</summary>
    public string RequestId { get; init; } = "";

    /// <summary>The renditions whose events are missing, in the order of the request.</summary>
    public IReadOnlyList<Rendition> Missing { get; init; } = [];

    /// <summary>The events that arrived, in the order of the request.</summary>
    public IReadOnlyList<RenditionEvent> Received { get; init; } = [];
}
