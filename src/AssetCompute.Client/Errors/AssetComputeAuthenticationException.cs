namespace AssetCompute.Client;

/// <summary>
/// No access token could be had, or the service did not accept it (401): check the credentials.
/// </summary>
public sealed class AssetComputeAuthenticationException : AssetComputeException
{
    /// <summary>A failed call without details.</summary>
    public AssetComputeAuthenticationException()
    {
    }

    /// <summary>A failed call.</summary>
    /// <param name="message">What happened, and what to do.</param>
    public AssetComputeAuthenticationException(string message)
        : base(message)
    {
    }

    /// <summary>A failed call.</summary>
    /// <param name="message">What happened, and what to do.</param>
    /// <param name="innerException">The cause, or null.</param>
    public AssetComputeAuthenticationException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }

    /// <summary>The error code of Adobe's identity service, such as <c>invalid_client</c>; null when it gave none.</summary>
    public string? Error { get; init; }

    /// <summary>The description that Adobe's identity service gave; null when it gave none.</summary>
    public string? ErrorDescription { get; init; }

    /// <summary>The <c>X-Debug-Id</c> of the identity service's answer, for its support; null when it gave none.</summary>
    public string? DebugId { get; init; }

    /// <summary>
    /// True when the identity service could not be reached, failed or throttled, so that the same call may succeed later; false when the
    /// credentials have to be put right first. Default: false.
    /// </summary>
    public bool IsTransient { get; init; }

    /// <summary>How long the identity service asked to wait; null when it did not say.</summary>
    public TimeSpan? RetryAfter { get; init; }
}
