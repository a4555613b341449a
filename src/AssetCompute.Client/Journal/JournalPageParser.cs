using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace AssetCompute.Client.Journal;

/// <summary>
/// Takes in the bytes of one page, as they come, and cuts them into chunks of whole entries. Never holds more than a chunk, or one event where
/// that is larger.
/// </summary>
internal sealed class JournalPageParser : IDisposable
{
    internal const int ChunkBytes = 64 * 1024;
    private readonly int _maxEventBytes;
    private readonly JournalPageWalk _walk = new();
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(ChunkBytes);
    private int _filled;
    private int _parsed;

    /// <param name="maxEventBytes">The most bytes that one event may have.</param>
    public JournalPageParser(int maxEventBytes) => _maxEventBytes = maxEventBytes;

    /// <summary>Where the next bytes of the page go. Never empty.</summary>
    public Memory<byte> FreeSpace
    {
        get
        {
            if (_filled == _buffer.Length)
            {
                MakeRoom();
            }

            return _buffer.AsMemory(_filled);
        }
    }

    /// <summary>Takes in what was put into <see cref="FreeSpace"/>.</summary>
    /// <param name="count">How many bytes; 0 at the end of the page.</param>
    /// <returns>Whether a chunk is due: it must be taken before more is read.</returns>
    /// <exception cref="JsonException">The page is broken, or ended in the middle.</exception>
    public bool Advance(int count)
    {
        _filled += count;
        bool isFinal = count == 0;
        _parsed = _walk.Read(_buffer.AsSpan(_parsed, _filled - _parsed), _parsed, isFinal);
        if (isFinal && !_walk.HasEvents)
        {
            throw new JsonException("The answer is no page of a journal: it has no array of events.");
        }

        return _walk.HasEntries && (isFinal || _filled == _buffer.Length);
    }

    /// <summary>The entries that are complete, and null where there are none.</summary>
    [MethodImpl(HotPath.Options)]
    public JournalChunk? TakeChunk()
    {
        if (!_walk.HasEntries)
        {
            return null;
        }

        JournalSlice[] slices = _walk.TakeEntries(out int count);
        int keepFrom = KeepFrom;
        byte[] taken = _buffer;
        _buffer = ArrayPool<byte>.Shared.Rent(Math.Max(ChunkBytes, _filled - keepFrom + 1));
        taken.AsSpan(keepFrom, _filled - keepFrom).CopyTo(_buffer);
        Move(keepFrom);
        return new JournalChunk(taken, slices, count);
    }

    public void Dispose()
    {
        byte[] buffer = _buffer;
        _buffer = [];
        if (buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private int KeepFrom => _walk.OpenEntryStart ?? _parsed;

    private void MakeRoom()
    {
        int keepFrom = KeepFrom;
        int kept = _filled - keepFrom;
        if (kept < _buffer.Length)
        {
            _buffer.AsSpan(keepFrom, kept).CopyTo(_buffer);
            Move(keepFrom);
            return;
        }

        if (_buffer.Length >= _maxEventBytes)
        {
            throw new JsonException($"An event of the journal has more than {_maxEventBytes} bytes ({nameof(JournalOptions)}.{nameof(JournalOptions.MaxEventBytes)}).");
        }

        byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Min(_maxEventBytes, _buffer.Length * 2));
        _buffer.AsSpan(0, _filled).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
    }

    private void Move(int keepFrom)
    {
        _filled -= keepFrom;
        _parsed -= keepFrom;
        _walk.MoveBy(-keepFrom);
    }
}
