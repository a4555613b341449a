namespace AssetCompute.Client;

/// <summary>
/// The service failed (408, 5xx), could not be reached, or did not answer in time, and the allowed attempts are used up.
/// </summary>
public sealed class AssetComputeUnavailableException : AssetComputeException
{
    /// <summary>A failed call without details.</summary>
    public AssetComputeUnavailableException()
    {
    }

    /// <summary>A failed call.</summary>
    /// <param name="message">What happened, and what to do.</param>
    public AssetComputeUnavailableException(string message)
        : base(message)
    {
    }

    /// <summary>A failed call.</summary>
    /// <param name="message">What happened, and what to do.</param>
    /// <param name="innerException">The cause, or null.</param>
    public AssetComputeUnavailableException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }

    /// <summary>How long the service asked to wait; null when it did not say.</summary>
    public TimeSpan? RetryAfter { get; init; }
}
