using AssetCompute.Client.Tests.Streams;

namespace AssetCompute.Client.Tests.Webhooks;

/// <summary>A body that arrives in pieces. A piece size of zero stalls the body, and a negative size breaks the connection.</summary>
internal sealed class DripStream(byte[] bytes, int piece) : TestStream
{
    private int _at;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (piece == 0)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
        }

        if (piece < 0)
        {
            throw new IOException("The connection was reset.");
        }

        int count = Math.Min(Math.Min(piece, buffer.Length), bytes.Length - _at);
        bytes.AsSpan(_at, count).CopyTo(buffer.Span);
        _at += count;
        return count;
    }
}
