using System.Net;

namespace AssetCompute.Client;

/// <summary>The service refused a call, or the call failed before an answer arrived.</summary>
/// <param name="message">What happened, and what to do.</param>
/// <param name="innerException">The cause. Default: none.</param>
/// <remarks>Derived types exist only if a caller would act differently. No member contains a secret, a token or a signed URL.</remarks>
public class AssetComputeException(string message, Exception? innerException = null) : Exception(message, innerException)
{
    /// <summary>The status of the last answer; null if there was none.</summary>
    public HttpStatusCode? StatusCode { get; init; }

    /// <summary>The id of the call, which Adobe's support asks for; null if it is unknown.</summary>
    public string? RequestId { get; init; }

    /// <summary>The service's own error code, such as <c>429050</c>, or that of Adobe's identity service, such as <c>invalid_client</c>; null if there is none.</summary>
    public string? ErrorCode { get; init; }

    /// <summary>The beginning of the last answer's body, at most 4,096 characters; null if there was none.</summary>
    public string? ResponseBody { get; init; }

    /// <summary>The wait that the service asked for; null if it asked for none.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The number of requests that were sent for the call.</summary>
    public int Attempts { get; init; }

    /// <summary>The duration of the call, with all attempts and waits.</summary>
    public TimeSpan Elapsed { get; init; }
}
