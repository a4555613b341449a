using Polly.Timeout;

namespace AssetCompute.Client.Http.Resilience;

/// <summary>Classifies failures. This is the only place that decides which requests may be sent again.</summary>
internal static class Failure
{
    public static FailureKind Of(HttpResponseMessage? response, Exception? exception) => response is null ? Of(exception) : (int)response.StatusCode switch
    {
        429 => FailureKind.Refused,
        408 or >= 500 => FailureKind.Unclear,
        _ => FailureKind.None,
    };

    /// <summary>Classifies an exception. The caller must handle cancellations first.</summary>
    public static FailureKind Of(Exception? exception) => exception switch
    {
        AssetComputeThrottledException => FailureKind.Refused,
        AssetComputeUnavailableException => FailureKind.Unclear,
        AssetComputeAuthenticationException { IsTransient: true } => FailureKind.NotSent,
        HttpRequestException request when TransportFailure.IsBeforeSending(request) => FailureKind.NotSent,
        HttpRequestException or IOException or TimeoutRejectedException or TimeoutException or OperationCanceledException => FailureKind.Unclear,
        _ => FailureKind.None,
    };

    /// <summary>Returns the wait that the service asked for, or null.</summary>
    public static TimeSpan? RetryAfterOf(Exception? exception) =>
        exception is AssetComputeThrottledException or AssetComputeUnavailableException ? ((AssetComputeException)exception).RetryAfter : null;
}
