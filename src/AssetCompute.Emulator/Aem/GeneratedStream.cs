using System.Buffers.Binary;

namespace AssetCompute.Emulator;

/// <summary>
/// Bytes that depend only on a seed and their offset. One random page is repeated, each time with its own number at the start, so that a range read from the
/// wrong offset never looks right.
/// </summary>
internal sealed class GeneratedStream : Stream
{
    private readonly byte[] _page = new byte[64 * 1024];

    public GeneratedStream(long length, int seed)
    {
        Length = length;
        new Random(seed).NextBytes(_page);
    }

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length { get; }

    public override long Position { get; set; }

    public override int Read(byte[] buffer, int offset, int count)
    {
        var (number, start) = Math.DivRem(Position, _page.Length);
        var read = (int)Math.Clamp(Length - Position, 0, Math.Min(count, _page.Length - start));
        BinaryPrimitives.WriteInt64LittleEndian(_page, number);
        _page.AsSpan((int)start, read).CopyTo(buffer.AsSpan(offset, count));
        Position += read;
        return read;
    }

    public override long Seek(long offset, SeekOrigin origin) => Position = origin switch
    {
        SeekOrigin.Begin => offset,
        SeekOrigin.Current => Position + offset,
        _ => Length + offset,
    };

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
