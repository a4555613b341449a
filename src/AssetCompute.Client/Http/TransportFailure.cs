using Polly.Timeout;

namespace AssetCompute.Client.Http;

/// <summary>Describes why a request got no complete answer.</summary>
internal static class TransportFailure
{
    /// <summary>Describes the failure, or returns null for an exception that does not come from the network.</summary>
    public static string? Describe(Exception exception, Uri? url) => exception switch
    {
        TimeoutRejectedException timeout => FormattableString.Invariant($"there was no answer within {timeout.Timeout.TotalSeconds:0.#} s."),
        HttpRequestException request => Describe(request, url),
        IOException => "the connection broke off in the middle of the answer.",
        OperationCanceledException { InnerException: TimeoutException } => "the HttpClient.Timeout that the application set has elapsed. Set a longer one, or leave it infinite: the retry options limit the time.",
        OperationCanceledException or TimeoutException => "there was no answer in time.",
        _ => null,
    };

    /// <summary>Returns true if no part of the request has reached the service, so that it can be sent again.</summary>
    public static bool IsBeforeSending(HttpRequestException exception) => exception.HttpRequestError
        is HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError or HttpRequestError.ProxyTunnelError;

    /// <summary>Converts a connect timeout into the exception for a failed connection.</summary>
    public static Exception Unified(Exception exception)
    {
        // The exception of SocketsHttpHandler when its ConnectTimeout has passed.
        if (exception is not OperationCanceledException { InnerException: TimeoutException })
        {
            return exception;
        }

#if NETSTANDARD2_0
        return new HttpRequestException("No connection could be made in time.", exception);
#else
        return new HttpRequestException(HttpRequestError.ConnectionError, "No connection could be made in time.", exception);
#endif
    }

    private static string Describe(HttpRequestException exception, Uri? url) => exception.HttpRequestError switch
    {
        HttpRequestError.NameResolutionError => "the host name could not be resolved. Check the endpoint and the network.",
        HttpRequestError.ConnectionError when url is { IsLoopback: true } => $"no connection could be made to {url.GetLeftPart(UriPartial.Authority)}. Is the emulator running there?",
        HttpRequestError.ConnectionError => "no connection could be made. Check the endpoint and the network.",
        HttpRequestError.SecureConnectionError => "no secure connection could be made. Check the certificates, the clock, and proxies that inspect connections.",
        HttpRequestError.ProxyTunnelError => "the proxy refused the connection.",
        HttpRequestError.ConfigurationLimitExceeded => "the headers of the answer were too large.",
        _ => "the connection broke off, or what came over it was not HTTP.",
    };
}
