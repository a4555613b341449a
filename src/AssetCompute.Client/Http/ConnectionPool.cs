using System.Net;

namespace AssetCompute.Client.Http;

/// <summary>
/// The connections of one HTTP client, under all its handlers. They end with the container; the factory of HTTP clients would leave them
/// open.
/// </summary>
/// <remarks>
/// No redirects: they would carry the API key to another host. No cookies: the API has none, and callers of different accounts must not meet
/// in them. The proxy is the system's.
/// </remarks>
/// <param name="decompresses">
/// Whether compressed answers are asked for and unpacked. The framework's way costs each request half a kilobyte, which small answers are not worth: theirs
/// are unpacked where they are read.
/// </param>
internal sealed class ConnectionPool(bool decompresses) : IDisposable
{
    public HttpMessageHandler Handler { get; } =
#if NETSTANDARD2_0
        new HttpClientHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            AutomaticDecompression = decompresses ? DecompressionMethods.GZip | DecompressionMethods.Deflate : DecompressionMethods.None,
            // Two are the rule on the .NET Framework, for all callers together.
            MaxConnectionsPerServer = int.MaxValue,
        };
#else
        new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            AutomaticDecompression = decompresses ? DecompressionMethods.All : DecompressionMethods.None,
            ConnectTimeout = TimeSpan.FromSeconds(15),
            EnableMultipleHttp2Connections = true,
            // A connection ends now and then, so that a changed DNS entry is seen.
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            PooledConnectionIdleTimeout = TimeSpan.FromMinutes(1),
        };
#endif

    public void Dispose() => Handler.Dispose();
}
