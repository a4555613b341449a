namespace AssetCompute.Emulator;

/// <summary>Copies streams of unknown length up to a limit.</summary>
internal static class BoundedCopy
{
    /// <exception cref="BlobTooLargeException">The streams have more than <paramref name="maxBytes"/> bytes in total.</exception>
    public static async Task ToAsync(IEnumerable<Stream> sources, Stream to, long maxBytes, CancellationToken cancellationToken)
    {
        var (buffer, left) = (new byte[64 * 1024], maxBytes);
        foreach (var from in sources)
        {
            int read;
            while ((read = await from.ReadAsync(buffer, cancellationToken).ConfigureAwait(false)) > 0)
            {
                left -= read;
                await to.WriteAsync(left >= 0 ? buffer.AsMemory(0, read) : throw new BlobTooLargeException(maxBytes), cancellationToken).ConfigureAwait(false);
            }
        }
    }
}
