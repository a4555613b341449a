#if NETSTANDARD2_0
using System.Runtime.InteropServices;

namespace AssetCompute.Client;

/// <summary>Reading into memory, under the name of today's .NET, for .NET Standard 2.0.</summary>
internal static class StreamReading
{
    public static async ValueTask<int> ReadAsync(this Stream stream, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        // Every buffer of this library is a slice of an array.
        if (!MemoryMarshal.TryGetArray(buffer, out ArraySegment<byte> segment))
        {
            throw new NotSupportedException("The buffer is not a slice of an array.");
        }

        // This framework's streams from the network take no notice of the token; what ends a read is closing them.
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
