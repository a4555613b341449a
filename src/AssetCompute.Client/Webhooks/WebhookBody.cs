using System.Buffers;

namespace AssetCompute.Client.Webhooks;

/// <summary>The body of a delivery, in a buffer that is lent: whatever is sent, no more than the bound is held, and no more than twice of what came.</summary>
internal sealed class WebhookBody : IDisposable
{
    private const int FirstBuffer = 16 * 1024;

    private readonly byte[] _buffer;

    private WebhookBody(byte[] buffer, int length)
    {
        _buffer = buffer;
        Bytes = buffer.AsMemory(0, length);
    }

    /// <summary>The bytes as they came, until this is disposed.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    /// <exception cref="WebhookException">There are more bytes than the bound.</exception>
    public static async Task<WebhookBody> ReadAsync(Stream stream, int maxBytes, CancellationToken cancellationToken)
    {
        // Where reading fails the buffer is not given back: the stream may still be writing to it.
        byte[] buffer = ArrayPool<byte>.Shared.Rent(Math.Min(FirstBuffer, maxBytes + 1));
        int length = 0;
        while (true)
        {
            int read = await stream.ReadAsync(buffer.AsMemory(length, Math.Min(buffer.Length, maxBytes + 1) - length), cancellationToken).ConfigureAwait(false);
            length += read;
            if (read == 0)
            {
                return new WebhookBody(buffer, length);
            }

            if (length > maxBytes)
            {
                ArrayPool<byte>.Shared.Return(buffer);
                throw new WebhookException(WebhookRefusal.TooLarge, $"The body has more than {maxBytes} bytes.");
            }

            if (length == buffer.Length)
            {
                byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Min(maxBytes + 1, buffer.Length * 2));
                buffer.CopyTo(larger, 0);
                ArrayPool<byte>.Shared.Return(buffer);
                buffer = larger;
            }
        }
    }

    public void Dispose() => ArrayPool<byte>.Shared.Return(_buffer);
}
