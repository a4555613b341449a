using System.Buffers.Binary;

namespace AssetCompute.Emulator;

/// <summary>
/// Bytes that depend only on a seed and their offset. One random page is repeated, each time with its own number at the start, so that a range read from the
/// wrong offset never looks right.
/// </summary>
internal sealed class GeneratedStream : Stream
{
    private const int PageSize = 64 * 1024;

    private readonly byte[] _page = new byte[PageSize];
    private readonly long _length;
    private long _position;

    public GeneratedStream(long length, int seed)
    {
        _length = length;
        new Random(seed).NextBytes(_page);
    }

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => _length;

    public override long Position
    {
        get => _position;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            _position = value;
        }
    }

    public override int Read(Span<byte> buffer)
    {
        var total = 0;
        while (total < buffer.Length && _position < _length)
        {
            var (number, offset) = Math.DivRem(_position, PageSize);
            var count = (int)Math.Min(Math.Min(buffer.Length - total, PageSize - offset), _length - _position);
            CopyPage(number, (int)offset, buffer.Slice(total, count));
            total += count;
            _position += count;
        }

        return total;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        cancellationToken.IsCancellationRequested ? ValueTask.FromCanceled<int>(cancellationToken) : new(Read(buffer.Span));

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override long Seek(long offset, SeekOrigin origin) => Position = origin switch
    {
        SeekOrigin.Begin => offset,
        SeekOrigin.Current => _position + offset,
        _ => _length + offset,
    };

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private void CopyPage(long number, int offset, Span<byte> target)
    {
        _page.AsSpan(offset, target.Length).CopyTo(target);
        if (offset < sizeof(long))
        {
            Span<byte> head = stackalloc byte[sizeof(long)];
            BinaryPrimitives.WriteInt64LittleEndian(head, number);
            var rest = head[offset..];
            rest[..Math.Min(rest.Length, target.Length)].CopyTo(target);
        }
    }
}
