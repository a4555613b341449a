using System.Globalization;
using Polly.Timeout;

namespace AssetCompute.Client.Http.Resilience;

/// <summary>Classifies, names and describes what went wrong with an attempt. This is the only place that decides which requests may be sent again.</summary>
internal static class Failure
{
    /// <summary>The name of a cancellation.</summary>
    public const string Cancelled = "cancelled";

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
        HttpRequestException
        {
            HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError or HttpRequestError.ProxyTunnelError,
        } => FailureKind.NotSent,
        HttpRequestException or IOException or TimeoutRejectedException or TimeoutException or OperationCanceledException => FailureKind.Unclear,
        _ => FailureKind.None,
    };

    /// <summary>Returns the wait that the service asked for, or null.</summary>
    public static TimeSpan? RetryAfterOf(Exception? exception) =>
        exception is AssetComputeThrottledException or AssetComputeUnavailableException ? ((AssetComputeException)exception).RetryAfter : null;

    /// <summary>Returns the name of the failure for logs and the tag <c>error.type</c>: the status. Returns null if the response is successful.</summary>
    public static string? NameOf(HttpResponseMessage response) =>
        response.IsSuccessStatusCode ? null : ((int)response.StatusCode).ToString(CultureInfo.InvariantCulture);

    /// <summary>Returns the name of the failure for logs and the tag <c>error.type</c>: the names of OpenTelemetry, as .NET's own instruments use them.</summary>
    public static string NameOf(Exception exception) => exception switch
    {
        TimeoutRejectedException or TimeoutException => "timeout",
        OperationCanceledException => Cancelled,
        BrokenBodyException => "broken_body",
        HttpRequestException { HttpRequestError: HttpRequestError.Unknown } => "http_error",
        HttpRequestException request => System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(request.HttpRequestError.ToString()),
        _ => exception.GetType().FullName ?? exception.GetType().Name,
    };

    /// <summary>Describes why a request got no complete answer. Returns null for an exception that does not come from the network.</summary>
    public static string? Describe(Exception exception, Uri? url) => exception switch
    {
        TimeoutRejectedException timeout => FormattableString.Invariant($"there was no answer within {timeout.Timeout.TotalSeconds:0.#} s."),
        HttpRequestException request => request.HttpRequestError switch
        {
            HttpRequestError.NameResolutionError => "the host name could not be resolved. Check the endpoint and the network.",
            HttpRequestError.ConnectionError when url is { IsLoopback: true } => $"no connection could be made to {url.GetLeftPart(UriPartial.Authority)}. Is the emulator running there?",
            HttpRequestError.ConnectionError => "no connection could be made. Check the endpoint and the network.",
            HttpRequestError.SecureConnectionError => "no secure connection could be made. Check the certificates, the clock, and proxies that inspect connections.",
            HttpRequestError.ProxyTunnelError => "the proxy refused the connection.",
            HttpRequestError.ConfigurationLimitExceeded => "the headers of the answer were too large.",
            _ => "the connection broke off, or the answer was not HTTP.",
        },
        IOException => "the connection broke off in the middle of the answer.",
        OperationCanceledException { InnerException: TimeoutException } => "the HttpClient.Timeout that the application set has elapsed. Set a longer one, or leave it infinite: the retry options limit the time.",
        OperationCanceledException or TimeoutException => "there was no answer in time.",
        _ => null,
    };

    /// <summary>Converts a connect timeout, which SocketsHttpHandler reports as a cancellation, into the exception for a failed connection.</summary>
    public static Exception Unify(Exception exception) => exception is not OperationCanceledException { InnerException: TimeoutException } ? exception
#if NETSTANDARD2_0
        : new HttpRequestException("No connection could be made in time.", exception);
#else
        : new HttpRequestException(HttpRequestError.ConnectionError, "No connection could be made in time.", exception);
#endif
}
