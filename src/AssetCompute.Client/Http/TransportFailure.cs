using Polly.Timeout;

namespace AssetCompute.Client.Http;

/// <summary>Why a request got no complete answer.</summary>
internal static class TransportFailure
{
    /// <summary>Describes the failure, or returns null for an exception that does not come from the network.</summary>
    /// <param name="exception">The exception.</param>
    /// <param name="url">Where the request went.</param>
    public static string? Describe(Exception exception, Uri? url) => exception switch
    {
        TimeoutRejectedException timeout => FormattableString.Invariant($"there was no answer within {timeout.Timeout.TotalSeconds:0.#} s."),
        HttpRequestException request => Describe(request, url),
        IOException => "the connection broke off in the middle of the answer.",
        OperationCanceledException { InnerException: TimeoutException } => "the HttpClient.Timeout that the application set has elapsed. Set a longer one, or leave it infinite: the retry options limit the time.",
        OperationCanceledException or TimeoutException => "there was no answer in time.",
        _ => null,
    };

    /// <summary>Returns true when nothing of the request has reached the service, so that it can be sent again.</summary>
    public static bool IsBeforeSending(HttpRequestException exception) => KindOf(exception) is Kind.Connect or Kind.Name or Kind.Tls or Kind.Proxy;

    /// <summary>Turns a connect timeout into the exception of a connection that could not be made.</summary>
    public static Exception Unified(Exception exception)
    {
        // How SocketsHttpHandler tells that its ConnectTimeout is over.
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

    private static string Describe(HttpRequestException exception, Uri? url) => KindOf(exception) switch
    {
        Kind.Name => "the host name could not be resolved. Check the endpoint and the network.",
        Kind.Connect when url is { IsLoopback: true } => $"no connection could be made to {url.GetLeftPart(UriPartial.Authority)}. Is the emulator running there?",
        Kind.Connect => "no connection could be made. Check the endpoint and the network.",
        Kind.Tls => "no secure connection could be made. Check the certificates, the clock, and proxies that inspect connections.",
        Kind.Proxy => "the proxy refused the connection.",
        Kind.Headers => "the headers of the answer were too large.",
        _ => "the connection broke off, or what came over it was not HTTP.",
    };

#if NETSTANDARD2_0
    // The framework of the host decides how the cause is wrapped; a socket that never connected is all that can be told apart.
    private static Kind KindOf(HttpRequestException exception)
    {
        for (Exception? inner = exception.InnerException; inner is not null; inner = inner.InnerException)
        {
            switch (inner)
            {
                case System.Net.Sockets.SocketException { SocketErrorCode: System.Net.Sockets.SocketError.HostNotFound or System.Net.Sockets.SocketError.TryAgain or System.Net.Sockets.SocketError.NoData }:
                case System.Net.WebException { Status: System.Net.WebExceptionStatus.NameResolutionFailure }:
                    return Kind.Name;
                case System.Net.Sockets.SocketException { SocketErrorCode: System.Net.Sockets.SocketError.ConnectionRefused or System.Net.Sockets.SocketError.HostUnreachable or System.Net.Sockets.SocketError.NetworkUnreachable }:
                case System.Net.WebException { Status: System.Net.WebExceptionStatus.ConnectFailure }:
                    return Kind.Connect;
                case TimeoutException:
                    return Kind.Connect;
                case System.Security.Authentication.AuthenticationException:
                case System.Net.WebException { Status: System.Net.WebExceptionStatus.TrustFailure or System.Net.WebExceptionStatus.SecureChannelFailure }:
                    return Kind.Tls;
            }
        }

        return Kind.Other;
    }
#else
    private static Kind KindOf(HttpRequestException exception) => exception.HttpRequestError switch
    {
        HttpRequestError.NameResolutionError => Kind.Name,
        HttpRequestError.ConnectionError => Kind.Connect,
        HttpRequestError.SecureConnectionError => Kind.Tls,
        HttpRequestError.ProxyTunnelError => Kind.Proxy,
        HttpRequestError.ConfigurationLimitExceeded => Kind.Headers,
        _ => Kind.Other,
    };
#endif

    private enum Kind
    {
        Other,
        Name,
        Connect,
        Tls,
        Proxy,
        Headers,
    }
}
