using System.Buffers;

namespace AssetCompute.Emulator;

/// <summary>Copies a stream of unknown length up to a bound.</summary>
internal static class BoundedCopy
{
    /// <summary>Copies all bytes and returns their number.</summary>
    /// <exception cref="BlobTooLargeException">There are more bytes than <paramref name="maxBytes"/>.</exception>
    public static async Task<long> ToAsync(Stream from, Stream to, long maxBytes, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(64 * 1024);
        try
        {
            long total = 0;
            int read;
            while ((read = await from.ReadAsync(buffer, cancellationToken)) > 0)
            {
                total += read;
                if (total > maxBytes)
                {
                    throw new BlobTooLargeException(maxBytes);
                }

                await to.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
            }

            return total;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
