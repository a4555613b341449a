using System.Buffers;
using System.Text;
using System.Text.Json;

namespace AssetCompute.Client.Journal;

/// <summary>A run of whole entries of a page, and the bytes they lie in.</summary>
internal sealed class JournalChunk : IDisposable
{
    private readonly bool _pooled;
    private bool _disposed;

    public JournalChunk(byte[] buffer, bool pooled, JournalSlice[] slices)
    {
        Buffer = buffer;
        _pooled = pooled;
        Slices = slices;
    }

    public byte[] Buffer { get; }

    public JournalSlice[] Slices { get; }

    public string PositionOf(in JournalSlice slice) => TextOf(slice, slice.PositionStart, slice.PositionLength);

    /// <summary>A part of the chunk; empty where it has no length, whatever its start says.</summary>
    public ReadOnlySpan<byte> JsonOf(int start, int length) => length == 0 ? default : Buffer.AsSpan(start, length);

    public string TextOf(in JournalSlice slice, int start, int length)
    {
        if (!slice.HasEscapes)
        {
            return Encoding.UTF8.GetString(Buffer, start, length);
        }

        try
        {
            Utf8JsonReader reader = new(Buffer.AsSpan(start - 1, length + 2));
            reader.Read();
            return reader.GetString()!;
        }
        catch (InvalidOperationException)
        {
            // Escapes beside bytes that are no UTF-8: the text cannot be what anybody meant, but it must not end the reading either.
            return Encoding.UTF8.GetString(Buffer, start, length);
        }
    }

    /// <summary>The first slices of this chunk, in its place: this one is not to be used or disposed any more.</summary>
    public JournalChunk Take(int count) => new(Buffer, _pooled, Slices.AsSpan(0, count).ToArray());

    public void Dispose()
    {
        if (_pooled && !_disposed)
        {
            _disposed = true;
            ArrayPool<byte>.Shared.Return(Buffer);
        }
    }
}
