#if NETSTANDARD2_0
namespace AssetCompute.Client;

/// <summary>The cancellable reads of today's .NET, under the same names, for .NET Standard 2.0.</summary>
internal static class HttpContentReading
{
    public static async Task<Stream> ReadAsStreamAsync(this HttpContent content, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();

        // This framework cannot cancel a read from the network; what it can do is close the connection under it.
        using (cancellationToken.Register(static state => ((HttpContent)state!).Dispose(), content))
        {
            return await content.ReadAsStreamAsync().ConfigureAwait(false);
        }
    }
}
#endif
