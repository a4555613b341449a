using System.Net;

namespace AssetCompute.Client.Http;

/// <summary>The handler that opens the connections.</summary>
/// <remarks>
/// No redirects: they would carry the API key to another host. No cookies: the API has none, and callers of different accounts must not meet
/// in them. The proxy is the system's.
/// </remarks>
internal static class PrimaryHandler
{
    public static HttpMessageHandler Create()
    {
#if NETSTANDARD2_0
        return new HttpClientHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            AutomaticDecompression = DecompressionMethods.GZip | DecompressionMethods.Deflate,
        };
#else
        return new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            AutomaticDecompression = DecompressionMethods.All,
            ConnectTimeout = TimeSpan.FromSeconds(15),
            // A connection ends now and then, so that a changed DNS entry is seen.
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            PooledConnectionIdleTimeout = TimeSpan.FromMinutes(1),
        };
#endif
    }
}
