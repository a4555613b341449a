namespace AssetCompute.Client.StorageTests;

/// <summary>Incompressible bytes that are the same for the same seed. The stream neither supports seeking nor has a known length.</summary>
internal sealed class PseudoRandomStream(long length, int seed = 1, long failAt = long.MaxValue) : Stream
{
    // The bytes repeat, each time XORed with another value, at a distance that no compression reaches and that isn't a multiple of a part.
    private const int Period = 65_537;

    private readonly byte[] _bytes = NewBytes(seed);
    private long _position;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => _position;
        set => throw new NotSupportedException();
    }

    public static byte[] Bytes(int length, int seed = 1)
    {
        using PseudoRandomStream stream = new(length, seed);
        byte[] bytes = new byte[length];
        stream.ReadExactly(bytes);
        return bytes;
    }

    public override int Read(Span<byte> buffer)
    {
        if (_position >= failAt)
        {
            throw new IOException("The disk is broken.");
        }

        int at = (int)(_position % Period);
        int count = (int)Math.Min(Math.Min(buffer.Length, Period - at), length - _position);
        byte change = (byte)(_position / Period);
        ReadOnlySpan<byte> from = _bytes.AsSpan(at, count);
        for (int i = 0; i < from.Length; i++)
        {
            buffer[i] = (byte)(from[i] ^ change);
        }

        _position += count;
        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return ValueTask.FromResult(Read(buffer.Span));
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private static byte[] NewBytes(int seed)
    {
        byte[] bytes = new byte[Period];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }
}
