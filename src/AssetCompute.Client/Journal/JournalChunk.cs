using System.Buffers;
using System.Text;
using System.Text.Json;

namespace AssetCompute.Client.Journal;

/// <summary>A run of whole entries of a page, and the bytes they lie in. Both go back to their pools when it is disposed: nothing of them may be kept.</summary>
internal sealed class JournalChunk : IDisposable
{
    private readonly JournalSlice[] _slices;
    private int _count;
    private bool _disposed;

    /// <param name="buffer">The bytes.</param>
    /// <param name="slices">Where the entries lie.</param>
    /// <param name="count">How many there are.</param>
    public JournalChunk(byte[] buffer, JournalSlice[] slices, int count)
    {
        Buffer = buffer;
        _slices = slices;
        _count = count;
    }

    public byte[] Buffer { get; }

    public Span<JournalSlice> Slices => _slices.AsSpan(0, _count);

    public string PositionOf(in JournalSlice slice) => TextOf(slice, slice.PositionStart, slice.PositionLength);

    /// <summary>A part of the chunk; empty where it has no length, whatever its start says.</summary>
    public ReadOnlySpan<byte> JsonOf(int start, int length) => length == 0 ? default : Buffer.AsSpan(start, length);

    public string TextOf(in JournalSlice slice, int start, int length) => TextOf(Buffer, slice.HasEscapes, start, length);

    /// <summary>A text in the bytes of an entry, which has quotes around it.</summary>
    public static string TextOf(byte[] bytes, bool hasEscapes, int start, int length)
    {
        if (!hasEscapes)
        {
            return Encoding.UTF8.GetString(bytes, start, length);
        }

        try
        {
            Utf8JsonReader reader = new(bytes.AsSpan(start - 1, length + 2));
            reader.Read();
            return reader.GetString()!;
        }
        catch (InvalidOperationException)
        {
            // Escapes beside bytes that are no UTF-8: the text cannot be what anybody meant, but it must not end the reading either.
            return Encoding.UTF8.GetString(bytes, start, length);
        }
    }

    /// <summary>Leaves only the first slices.</summary>
    public void Keep(int count) => _count = count;

    public void Dispose()
    {
        if (!_disposed)
        {
            _disposed = true;
            ArrayPool<byte>.Shared.Return(Buffer);
            ArrayPool<JournalSlice>.Shared.Return(_slices);
        }
    }
}
