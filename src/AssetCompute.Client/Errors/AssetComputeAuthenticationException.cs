namespace AssetCompute.Client;

/// <summary>An access token could not be obtained, or the service did not accept it (401). Check the credentials.</summary>
/// <param name="message">What happened, and what to do.</param>
/// <param name="innerException">The cause. Default: none.</param>
public sealed class AssetComputeAuthenticationException(string message, Exception? innerException = null) : AssetComputeException(message, innerException)
{
    /// <summary>The error description of Adobe's identity service; null if there is none.</summary>
    public string? ErrorDescription { get; init; }

    /// <summary>The <c>X-Debug-Id</c> of the identity service's answer, for Adobe's support; null if there is none.</summary>
    public string? DebugId { get; init; }

    /// <summary>
    /// True if the identity service could not be reached, failed or throttled the request, so that the same call may succeed later. False if the credentials
    /// must be corrected first. Default: false.
    /// </summary>
    public bool IsTransient { get; init; }

    /// <summary>Creates a separate exception for each caller: one object thrown on many threads would mix up their stack traces.</summary>
    internal AssetComputeAuthenticationException Copy() => new(Message, this)
    {
        StatusCode = StatusCode,
        ErrorCode = ErrorCode,
        ErrorDescription = ErrorDescription,
        DebugId = DebugId,
        RetryAfter = RetryAfter,
        IsTransient = IsTransient,
    };
}
