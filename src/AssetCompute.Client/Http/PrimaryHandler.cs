using System.Net;

namespace AssetCompute.Client.Http;

/// <summary>
/// Creates the connections of an HTTP client. They follow no redirects, which would send the API key to another host, and store no cookies: the API has none,
/// and accounts must not share them. The proxy is the system proxy.
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
            // .NET Framework allows only two connections in total.
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
            // Connections are renewed regularly, so that DNS changes take effect.
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            PooledConnectionIdleTimeout = TimeSpan.FromMinutes(1),
        };
#endif
}
