#if NETSTANDARD2_0
namespace AssetCompute.Client;

/// <summary>The cancelable reads of .NET 10 for .NET Standard 2.0.</summary>
internal static class HttpContentReading
{
    public static async Task<Stream> ReadAsStreamAsync(this HttpContent content, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();

        // .NET Standard cannot cancel a read from the network, so the connection is closed.
        using (cancellationToken.Register(static state => ((HttpContent)state!).Dispose(), content))
        {
            return await content.ReadAsStreamAsync().ConfigureAwait(false);
        }
    }

    public static async Task<byte[]> ReadAsByteArrayAsync(this HttpContent content, CancellationToken cancellationToken)
    {
        using (cancellationToken.Register(static state => ((HttpContent)state!).Dispose(), content))
        {
            return await content.ReadAsByteArrayAsync().ConfigureAwait(false);
        }
    }
}
#endif
