using Polly.Timeout;

namespace AssetCompute.Client.Http.Resilience;

/// <summary>Tells failures apart: the one place that says what may be sent again.</summary>
internal static class Failure
{
    public static FailureKind Of(HttpResponseMessage? response, Exception? exception) => response is null ? Of(exception) : Of((int)response.StatusCode);

    public static FailureKind Of(int statusCode) => statusCode switch
    {
        429 => FailureKind.Refused,
        408 or >= 500 => FailureKind.Unclear,
        _ => FailureKind.None,
    };

    /// <summary>What an exception says; one by which the caller has cancelled is to be sorted out before.</summary>
    public static FailureKind Of(Exception? exception) => exception switch
    {
        AssetComputeThrottledException => FailureKind.Refused,
        AssetComputeUnavailableException => FailureKind.Unclear,
        AssetComputeAuthenticationException { IsTransient: true } => FailureKind.NotSent,
        HttpRequestException request when TransportFailure.IsBeforeSending(request) => FailureKind.NotSent,
        HttpRequestException or IOException or TimeoutRejectedException or TimeoutException or OperationCanceledException => FailureKind.Unclear,
        _ => FailureKind.None,
    };

    /// <summary>How long the service asked to wait, as the exception carries it; null where it did not say.</summary>
    public static TimeSpan? RetryAfterOf(Exception? exception) => exception switch
    {
        AssetComputeThrottledException throttled => throttled.RetryAfter,
        AssetComputeUnavailableException unavailable => unavailable.RetryAfter,
        _ => null,
    };
}
