#if NETSTANDARD2_0
using System.Runtime.InteropServices;

namespace AssetCompute.Client;

/// <summary>Reading into memory, under the name of today's .NET, for .NET Standard 2.0.</summary>
internal static class StreamReading
{
    public static async ValueTask<int> ReadAsync(this Stream stream, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        // Every buffer of this library is a slice of an array.
        return MemoryMarshal.TryGetArray(buffer, out ArraySegment<byte> segment)
            ? await stream.ReadAsync(segment.Array!, segment.Offset, segment.Count, cancellationToken).ConfigureAwait(false)
            : throw new NotSupportedException("The buffer is not a slice of an array.");
    }
}
#endif
