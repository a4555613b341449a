namespace AssetCompute.Client;

/// <summary>
/// The service is throttled (429), and the allowed attempts and waits are used up.
/// </summary>
public sealed class AssetComputeThrottledException : AssetComputeException
{
    /// <summary>A failed call without details.</summary>
    public AssetComputeThrottledException()
    {
    }

    /// <summary>A failed call.</summary>
    /// <param name="message">What happened, and what to do.</param>
    public AssetComputeThrottledException(string message)
        : base(message)
    {
    }

    /// <summary>A failed call.</summary>
    /// <param name="message">What happened, and what to do.</param>
    /// <param name="innerException">The cause, or null.</param>
    public AssetComputeThrottledException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }

    /// <summary>How long the service asked to wait; null when it did not say.</summary>
    public TimeSpan? RetryAfter { get; init; }
}
