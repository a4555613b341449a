using System.Buffers.Binary;
using System.Runtime.InteropServices;

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

        // SplitMix64, because a seeded Random makes one byte at a time, and takes longer than the rest of a call.
        var state = (ulong)(uint)seed;
        foreach (ref var word in MemoryMarshal.Cast<byte, ulong>(_page.AsSpan()))
        {
            state += 0x9E3779B97F4A7C15;
            var mixed = (state ^ (state >> 30)) * 0xBF58476D1CE4E5B9;
            mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
            word = mixed ^ (mixed >> 31);
        }
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
