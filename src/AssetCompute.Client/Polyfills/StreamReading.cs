#if NETSTANDARD2_0
using System.Runtime.InteropServices;

namespace AssetCompute.Client;

/// <summary>The reads into memory of .NET 10 for .NET Standard 2.0.</summary>
internal static class StreamReading
{
    public static async ValueTask<int> ReadAsync(this Stream stream, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        // Every buffer of this library is a slice of an array.
        if (!MemoryMarshal.TryGetArray(buffer, out ArraySegment<byte> segment))
        {
            throw new NotSupportedException("The buffer is not a slice of an array.");
        }

        // Network streams of .NET Standard ignore the token, so the stream is closed.
        using (cancellationToken.Register(static state => ((Stream)state!).Dispose(), stream))
        {
            try
            {
                return await stream.ReadAsync(segment.Array!, segment.Offset, segment.Count, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception exception) when (cancellationToken.IsCancellationRequested && exception is ObjectDisposedException or IOException)
            {
                throw new OperationCanceledException(exception.Message, exception, cancellationToken);
            }
        }
    }
}
#endif
