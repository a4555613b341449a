#if NETSTANDARD2_0
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Authentication;

namespace AssetCompute.Client;

/// <summary>The reason of a failed request: the values of .NET 10 that can be distinguished on .NET Standard 2.0.</summary>
internal enum HttpRequestError
{
    Unknown,
    NameResolutionError,
    ConnectionError,
    SecureConnectionError,
    ProxyTunnelError,
    ConfigurationLimitExceeded,
}

/// <summary>Members of .NET 10's HTTP client for .NET Standard 2.0.</summary>
internal static class HttpMembers
{
    extension(HttpRequestMessage request)
    {
        public IDictionary<string, object?> Options => request.Properties;
    }

    extension(HttpHeaders headers)
    {
        public HttpHeaders NonValidated => headers;
    }

    extension(HttpRequestException exception)
    {
        // The framework of the host determines how the cause is wrapped.
        public HttpRequestError HttpRequestError
        {
            get
            {
                for (Exception? inner = exception.InnerException; inner is not null; inner = inner.InnerException)
                {
                    switch (inner)
                    {
                        case SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.TryAgain or SocketError.NoData }:
                        case WebException { Status: WebExceptionStatus.NameResolutionFailure }:
                            return HttpRequestError.NameResolutionError;
                        case SocketException { SocketErrorCode: SocketError.ConnectionRefused or SocketError.HostUnreachable or SocketError.NetworkUnreachable }:
                        case WebException { Status: WebExceptionStatus.ConnectFailure }:
                        case TimeoutException:
                            return HttpRequestError.ConnectionError;
                        case AuthenticationException:
                        case WebException { Status: WebExceptionStatus.TrustFailure or WebExceptionStatus.SecureChannelFailure }:
                            return HttpRequestError.SecureConnectionError;
                    }
                }

                return HttpRequestError.Unknown;
            }
        }
    }
}
#endif
