using System.Buffers;
using System.Text.Json;
using AssetCompute.Client.Serialization;

namespace AssetCompute.Client.Journal;

/// <summary>
/// Walks the bytes of one page once, as they come, and cuts them into chunks of whole entries. Never holds more than a chunk, or one event
/// where that is larger.
/// </summary>
/// <remarks>
/// The containers on the way to what is wanted stand one inside the other: page, events, entry, event, rendition, user data, client data.
/// So the number of those that are open is the depth of the reader as long as it is on that way, and any deeper token is passed over.
/// </remarks>
internal sealed class JournalPageParser : IDisposable
{
    internal const int ChunkBytes = 64 * 1024;
    private readonly int _maxEventBytes;
    private readonly bool _pooledChunks;
    private readonly List<JournalSlice> _slices = [];
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(ChunkBytes);
    private int _filled;
    private int _parsed;
    private JsonReaderState _state = new(EventParser.ReaderOptions);
    private Container _open = Container.None;
    private Field _field;
    private bool _eventIsArray;
    private bool _inMetadata;
    private bool _hasEvents;
    private int _entryStart;
    private JournalSlice _current;

    /// <param name="maxEventBytes">The most bytes that one event may have.</param>
    /// <param name="pooledChunks">Whether chunks give their bytes back when they are disposed, so that nothing of them may be kept.</param>
    public JournalPageParser(int maxEventBytes, bool pooledChunks)
    {
        _maxEventBytes = maxEventBytes;
        _pooledChunks = pooledChunks;
    }

    private enum Container
    {
        None = -1,
        Page,
        Events,
        Entry,
        Event,
        Rendition,
        UserData,
        ClientData,
    }

    private enum Field
    {
        None,
        Events,
        Position,
        Event,
        Type,
        RequestId,
        Date,
        Metadata,
        Echo,
        Rendition,
        UserData,
        ClientData,
        Index,
        Correlation,
    }

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
        Walk(isFinal);
        if (isFinal && !_hasEvents)
        {
            throw new JsonException("The answer is no page of a journal: it has no array of events.");
        }

        return _slices.Count > 0 && (isFinal || _filled == _buffer.Length);
    }

    /// <summary>The entries that are complete, and null where there are none.</summary>
    public JournalChunk? TakeChunk()
    {
        if (_slices.Count == 0)
        {
            return null;
        }

        JournalSlice[] slices = _slices.ToArray();
        _slices.Clear();
        int keepFrom = KeepFrom;
        if (_pooledChunks)
        {
            byte[] taken = _buffer;
            _buffer = ArrayPool<byte>.Shared.Rent(Math.Max(ChunkBytes, _filled - keepFrom + 1));
            taken.AsSpan(keepFrom, _filled - keepFrom).CopyTo(_buffer);
            Move(keepFrom);
            return new JournalChunk(taken, pooled: true, slices);
        }

        int start = slices[0].EventStart;
        int end = 0;
        foreach (ref JournalSlice slice in slices.AsSpan())
        {
            // With the quotes around a position, which reading an escaped one needs.
            start = Math.Max(0, Math.Min(start, Math.Min(slice.EventStart, slice.PositionStart - 1)));
            end = Math.Max(end, Math.Max(slice.EventStart + slice.EventLength, slice.PositionStart + slice.PositionLength + 1));
        }

        byte[] copy = _buffer.AsSpan(start, end - start).ToArray();
        foreach (ref JournalSlice slice in slices.AsSpan())
        {
            slice.MoveBy(-start);
        }

        _buffer.AsSpan(keepFrom, _filled - keepFrom).CopyTo(_buffer);
        Move(keepFrom);
        return new JournalChunk(copy, pooled: false, slices);
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

    private int KeepFrom => _open >= Container.Entry ? _entryStart : _parsed;

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
        _entryStart -= keepFrom;
        _current.MoveBy(-keepFrom);
    }

    private void Walk(bool isFinal)
    {
        int origin = _parsed;
        Utf8JsonReader reader = new(_buffer.AsSpan(origin, _filled - origin), isFinal, _state);
        while (reader.Read())
        {
            int depth = reader.CurrentDepth;
            if (depth > (int)_open + 1)
            {
                continue;
            }

            switch (reader.TokenType)
            {
                case JsonTokenType.PropertyName:
                    _field = FieldOf(ref reader);
                    break;
                case JsonTokenType.StartObject:
                    StartObject(origin + (int)reader.TokenStartIndex, depth);
                    break;
                case JsonTokenType.StartArray:
                    StartArray(origin + (int)reader.TokenStartIndex);
                    break;
                case JsonTokenType.EndObject:
                case JsonTokenType.EndArray:
                    End(origin + (int)reader.BytesConsumed, depth);
                    break;
                default:
                    Value(ref reader, origin);
                    break;
            }
        }

        _parsed = origin + (int)reader.BytesConsumed;
        _state = reader.CurrentState;
    }

    private Field FieldOf(ref Utf8JsonReader reader) => _open switch
    {
        Container.Page => reader.ValueTextEquals("events"u8) ? Field.Events : Field.None,
        Container.Entry => reader.ValueTextEquals("position"u8) ? Field.Position : reader.ValueTextEquals("event"u8) ? Field.Event : Field.None,
        Container.Event => EventFieldOf(ref reader),
        Container.Rendition => reader.ValueTextEquals("userData"u8) ? Field.UserData : Field.None,
        Container.UserData => reader.ValueTextEquals(ReservedUserData.KeyUtf8) ? Field.ClientData : Field.None,
        Container.ClientData => reader.ValueTextEquals(ReservedUserData.IndexUtf8) ? Field.Index
            : reader.ValueTextEquals(ReservedUserData.RequestUtf8) ? Field.Correlation : Field.None,
        _ => Field.None,
    };

    private Field EventFieldOf(ref Utf8JsonReader reader)
    {
        Field field = reader.ValueTextEquals("rendition"u8) ? Field.Rendition
            : reader.ValueTextEquals("metadata"u8) ? Field.Metadata
            : reader.ValueTextEquals("type"u8) ? Field.Type
            : reader.ValueTextEquals("date"u8) ? Field.Date
            : reader.ValueTextEquals("requestId"u8) ? Field.RequestId
            : reader.ValueTextEquals("source"u8) || reader.ValueTextEquals("userData"u8) ? Field.Echo : Field.None;
        _current.HasMore |= field == Field.None
            || (field == Field.Metadata && _current.MetadataLength > 0)
            || (field == Field.Date && _current.DateLength > 0);
        return field;
    }

    private void StartObject(int start, int depth)
    {
        if (_open == Container.None && depth == 0)
        {
            _open = Container.Page;
        }
        else if (_open == Container.Events)
        {
            _open = Container.Entry;
            _entryStart = start;
            _current = new JournalSlice { RenditionIndex = -1 };
        }
        else if (_field == Field.Event && _open == Container.Entry)
        {
            _open = Container.Event;
            _current.EventStart = start;
        }
        else if ((_field == Field.Rendition && _open == Container.Event)
            || (_field == Field.UserData && _open == Container.Rendition)
            || (_field == Field.ClientData && _open == Container.UserData))
        {
            _open++;
        }
        else if (_field == Field.Metadata)
        {
            _inMetadata = true;
            _current.MetadataStart = start;
        }
        else
        {
            _current.HasMore |= _field is Field.Date or Field.RequestId;
        }

        _field = Field.None;
    }

    private void StartArray(int start)
    {
        if (_field == Field.Events && _open == Container.Page)
        {
            _open = Container.Events;
            _hasEvents = true;
        }
        else if (_field == Field.Event && _open == Container.Entry)
        {
            _eventIsArray = true;
            _current.EventStart = start;
        }
        else
        {
            _current.HasMore |= _field is Field.Date or Field.RequestId or Field.Metadata;
        }

        _field = Field.None;
    }

    private void End(int end, int depth)
    {
        if (_eventIsArray && depth == (int)Container.Event)
        {
            _eventIsArray = false;
            _current.EventLength = end - _current.EventStart;
            return;
        }

        if (_inMetadata && depth == (int)Container.Rendition)
        {
            _inMetadata = false;
            _current.MetadataLength = end - _current.MetadataStart;
            return;
        }

        if (depth != (int)_open)
        {
            return;
        }

        switch (_open)
        {
            case Container.Event:
                _current.EventLength = end - _current.EventStart;
                break;
            case Container.Entry:
                AddEntry();
                break;
            default:
                break;
        }

        _open--;
    }

    private void AddEntry()
    {
        if (_current.EventLength == 0)
        {
            _current.EventStart = _entryStart;
        }

        if (_current.PositionLength == 0)
        {
            _current.PositionStart = _entryStart;
        }

        _slices.Add(_current);
    }

    private void Value(ref Utf8JsonReader reader, int origin)
    {
        Field field = _field;
        _field = Field.None;
        int start = origin + (int)reader.TokenStartIndex;
        bool isString = reader.TokenType == JsonTokenType.String;
        if (isString && reader.ValueIsEscaped && field is (Field.Position or Field.RequestId or Field.Correlation))
        {
            _current.HasEscapes = true;
        }

        switch (field)
        {
            case Field.Position when isString:
                _current.PositionStart = start + 1;
                _current.PositionLength = reader.ValueSpan.Length;
                break;
            case Field.Event:
                _current.EventStart = start;
                _current.EventLength = origin + (int)reader.BytesConsumed - start;
                break;
            case Field.Type when isString:
                _current.Kind = reader.ValueTextEquals("rendition_created"u8) ? RenditionEventKind.Created
                    : reader.ValueTextEquals("rendition_failed"u8) ? RenditionEventKind.Failed : RenditionEventKind.Other;
                break;
            case Field.RequestId when isString:
                _current.RequestIdStart = start + 1;
                _current.RequestIdLength = reader.ValueSpan.Length;
                break;
            case Field.Date:
                _current.DateStart = start;
                _current.DateLength = origin + (int)reader.BytesConsumed - start;
                break;
            case Field.Metadata or Field.RequestId:
                _current.HasMore = true;
                break;
            case Field.Correlation when isString:
                _current.CorrelationStart = start + 1;
                _current.CorrelationLength = reader.ValueSpan.Length;
                break;
            case Field.Index when reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out int index):
                _current.RenditionIndex = index;
                break;
            default:
                break;
        }
    }
}
