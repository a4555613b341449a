using System.Net;

namespace AssetCompute.Client.Http;

/// <summary>
/// The connections of an HTTP client. They follow no redirects, which would carry the API key to another host, and keep no cookies: the API has none, and accounts must
/// not share them. The proxy is the system's.
/// </summary>
internal static class PrimaryHandler
{
    public static HttpMessageHandler Create() =>
#if NETSTANDARD2_0
        new HttpClientHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            AutomaticDecompression = DecompressionMethods.GZip | DecompressionMethods.Deflate,
            // .NET Framework allows two for all callers together.
            MaxConnectionsPerServer = int.MaxValue,
        };
#else
        new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            AutomaticDecompression = DecompressionMethods.All,
            ConnectTimeout = TimeSpan.FromSeconds(15),
            EnableMultipleHttp2Connections = true,
            // A connection ends now and then, so that a changed DNS entry is seen.
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            PooledConnectionIdleTimeout = TimeSpan.FromMinutes(1),
        };
#endif
}
