using System.Net;

namespace AssetCompute.Client;

/// <summary>
/// A call that the service refused, or that failed on the way.
/// </summary>
/// <remarks>Sub-types exist only where a caller would act differently. No member ever holds a secret, a token or a signed URL.</remarks>
public class AssetComputeException : Exception
{
    /// <summary>A failed call without details.</summary>
    public AssetComputeException()
    {
    }

    /// <summary>A failed call.</summary>
    /// <param name="message">What happened, and what to do.</param>
    public AssetComputeException(string message)
        : base(message)
    {
    }

    /// <summary>A failed call.</summary>
    /// <param name="message">What happened, and what to do.</param>
    /// <param name="innerException">The cause, or null.</param>
    public AssetComputeException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }

    /// <summary>The status of the last answer; null when there was none.</summary>
    public HttpStatusCode? StatusCode { get; init; }

    /// <summary>The id under which the service and its support know the call; null when it is not known.</summary>
    public string? RequestId { get; init; }

    /// <summary>The service's own code, such as <c>429050</c>; null when it gave none.</summary>
    public string? ErrorCode { get; init; }

    /// <summary>The beginning of the last answer's body, at most 4,096 characters; null when there was none.</summary>
    public string? ResponseBody { get; init; }

    /// <summary>How many requests were sent for the call.</summary>
    public int Attempts { get; init; }

    /// <summary>How long the call took, with all its attempts and waits.</summary>
    public TimeSpan Elapsed { get; init; }
}
