#if NETSTANDARD2_0
using System.Runtime.InteropServices;

namespace AssetCompute.Client;

/// <summary>Cancelable reads of .NET 10 for .NET Standard 2.0, which cannot cancel a read from the network. The connection is closed instead.</summary>
internal static class CancelableReads
{
    public static Task<Stream> ReadAsStreamAsync(this HttpContent content, CancellationToken cancellationToken) =>
        ReadAsync(content, content.ReadAsStreamAsync, cancellationToken);

    public static Task<byte[]> ReadAsByteArrayAsync(this HttpContent content, CancellationToken cancellationToken) =>
        ReadAsync(content, content.ReadAsByteArrayAsync, cancellationToken);

    public static async ValueTask<int> ReadAsync(this Stream stream, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        // Every buffer of this library is a slice of an array.
        if (!MemoryMarshal.TryGetArray(buffer, out ArraySegment<byte> segment))
        {
            throw new NotSupportedException("The buffer is not a slice of an array.");
        }

        try
        {
            return await ReadAsync(stream, () => stream.ReadAsync(segment.Array!, segment.Offset, segment.Count, cancellationToken), cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (cancellationToken.IsCancellationRequested && exception is ObjectDisposedException or IOException)
        {
            throw new OperationCanceledException(exception.Message, exception, cancellationToken);
        }
    }

    private static async Task<T> ReadAsync<T>(IDisposable source, Func<Task<T>> read, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using (cancellationToken.Register(static state => ((IDisposable)state!).Dispose(), source))
        {
            return await read().ConfigureAwait(false);
        }
    }
}
#endif
