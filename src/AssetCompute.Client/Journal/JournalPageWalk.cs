using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text.Json;
using AssetCompute.Client.Serialization;

namespace AssetCompute.Client.Journal;

/// <summary>
/// Goes once through the tokens of a page, in as many pieces as they come, and notes where its entries lie and what will be asked of them.
/// </summary>
/// <remarks>
/// The containers on the way to what is wanted stand one inside the other: page, events, entry, event, rendition, user data, client data.
/// So the number of those that are open is the depth of the reader as long as it is on that way, and any deeper token is passed over.
/// </remarks>
internal sealed class JournalPageWalk
{
    private readonly List<JournalSlice> _slices = [];
    private JsonReaderState _state = new(EventParser.ReaderOptions);
    private JournalContainer _open = JournalContainer.None;
    private JournalField _field;
    private bool _eventIsArray;
    private bool _inMetadata;
    private int _entryStart;
    private JournalSlice _current;

    /// <summary>Whether the page has an array of events.</summary>
    public bool HasEvents { get; private set; }

    /// <summary>Whether there are entries to take.</summary>
    public bool HasEntries => _slices.Count > 0;

    /// <summary>Where the entry begins that is read at the moment; null between entries.</summary>
    public int? OpenEntryStart => _open >= JournalContainer.Entry ? _entryStart : null;

    /// <summary>Goes on through the page.</summary>
    /// <param name="bytes">What was not read before, and what has come since.</param>
    /// <param name="origin">Where these bytes begin, in the terms of the slices.</param>
    /// <param name="isFinal">Whether the page ends with them.</param>
    /// <returns>How far the page is read, in the terms of the slices.</returns>
    /// <exception cref="JsonException">The page is broken, or ended in the middle.</exception>
    [MethodImpl(HotPath.Options)]
    public int Read(ReadOnlySpan<byte> bytes, int origin, bool isFinal)
    {
        Utf8JsonReader reader = new(bytes, isFinal, _state);
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

        _state = reader.CurrentState;
        return origin + (int)reader.BytesConsumed;
    }

    /// <summary>The entries that were found since the last call, in an array from the pool.</summary>
    public JournalSlice[] TakeEntries(out int count)
    {
        count = _slices.Count;
        JournalSlice[] slices = ArrayPool<JournalSlice>.Shared.Rent(count);
        _slices.CopyTo(slices);
        _slices.Clear();
        return slices;
    }

    /// <summary>Takes note that the bytes have moved.</summary>
    public void MoveBy(int offset)
    {
        _entryStart += offset;
        _current.MoveBy(offset);
    }

    [MethodImpl(HotPath.Options)]
    private JournalField FieldOf(ref Utf8JsonReader reader) => _open switch
    {
        JournalContainer.Page => reader.TextIs("events"u8) ? JournalField.Events : JournalField.None,
        JournalContainer.Entry => reader.TextIs("position"u8) ? JournalField.Position : reader.TextIs("event"u8) ? JournalField.Event : JournalField.None,
        JournalContainer.Event => EventFieldOf(ref reader),
        JournalContainer.Rendition => reader.TextIs("userData"u8) ? JournalField.UserData : JournalField.None,
        JournalContainer.UserData => reader.TextIs("assetComputeClient"u8) ? JournalField.ClientData : JournalField.None,
        JournalContainer.ClientData => reader.TextIs("index"u8) ? JournalField.Index
            : reader.TextIs("request"u8) ? JournalField.Correlation : JournalField.None,
        _ => JournalField.None,
    };

    [MethodImpl(HotPath.Options)]
    private JournalField EventFieldOf(ref Utf8JsonReader reader)
    {
        JournalField field = reader.TextIs("rendition"u8) ? JournalField.Rendition
            : reader.TextIs("metadata"u8) ? JournalField.Metadata
            : reader.TextIs("type"u8) ? JournalField.Type
            : reader.TextIs("date"u8) ? JournalField.Date
            : reader.TextIs("requestId"u8) ? JournalField.RequestId
            : reader.TextIs("source"u8) || reader.TextIs("userData"u8) ? JournalField.Echo : JournalField.None;
        _current.HasMore |= field == JournalField.None
            || (field == JournalField.Metadata && _current.MetadataLength > 0)
            || (field == JournalField.Date && _current.DateLength > 0)
            || (field == JournalField.RequestId && _current.RequestIdLength > 0);
        return field;
    }

    [MethodImpl(HotPath.Options)]
    private void StartObject(int start, int depth)
    {
        if (_open == JournalContainer.None && depth == 0)
        {
            _open = JournalContainer.Page;
        }
        else if (_open == JournalContainer.Events)
        {
            _open = JournalContainer.Entry;
            _entryStart = start;
            _current = new JournalSlice { RenditionIndex = -1 };
        }
        else if (_field == JournalField.Event && _open == JournalContainer.Entry)
        {
            _open = JournalContainer.Event;
            _current.EventStart = start;
        }
        else if ((_field == JournalField.Rendition && _open == JournalContainer.Event)
            || (_field == JournalField.UserData && _open == JournalContainer.Rendition)
            || (_field == JournalField.ClientData && _open == JournalContainer.UserData))
        {
            _open++;
        }
        else if (_field == JournalField.Metadata)
        {
            _inMetadata = true;
            _current.MetadataStart = start;
        }
        else
        {
            _current.HasMore |= _field is JournalField.Date or JournalField.RequestId;
        }

        _field = JournalField.None;
    }

    private void StartArray(int start)
    {
        if (_field == JournalField.Events && _open == JournalContainer.Page)
        {
            _open = JournalContainer.Events;
            HasEvents = true;
        }
        else if (_field == JournalField.Event && _open == JournalContainer.Entry)
        {
            _eventIsArray = true;
            _current.EventStart = start;
        }
        else
        {
            _current.HasMore |= _field is JournalField.Date or JournalField.RequestId or JournalField.Metadata;
        }

        _field = JournalField.None;
    }

    [MethodImpl(HotPath.Options)]
    private void End(int end, int depth)
    {
        if (_eventIsArray && depth == (int)JournalContainer.Event)
        {
            _eventIsArray = false;
            _current.EventLength = end - _current.EventStart;
            return;
        }

        if (_inMetadata && depth == (int)JournalContainer.Rendition)
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
            case JournalContainer.Event:
                _current.EventLength = end - _current.EventStart;
                break;
            case JournalContainer.Entry:
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

    [MethodImpl(HotPath.Options)]
    private void Value(ref Utf8JsonReader reader, int origin)
    {
        JournalField field = _field;
        _field = JournalField.None;
        int start = origin + (int)reader.TokenStartIndex;
        bool isString = reader.TokenType == JsonTokenType.String;
        if (isString && reader.ValueIsEscaped && field is (JournalField.Position or JournalField.RequestId or JournalField.Correlation))
        {
            _current.HasEscapes = true;
        }

        switch (field)
        {
            case JournalField.Position when isString:
                _current.PositionStart = start + 1;
                _current.PositionLength = reader.ValueSpan.Length;
                break;
            case JournalField.Event:
                _current.EventStart = start;
                _current.EventLength = origin + (int)reader.BytesConsumed - start;
                break;
            case JournalField.Type when isString:
                _current.Kind = reader.TextIs("rendition_created"u8) ? RenditionEventKind.Created
                    : reader.TextIs("rendition_failed"u8) ? RenditionEventKind.Failed : RenditionEventKind.Other;
                break;
            case JournalField.RequestId when isString:
                _current.RequestIdStart = start + 1;
                _current.RequestIdLength = reader.ValueSpan.Length;
                break;
            case JournalField.Date:
                _current.DateStart = start;
                _current.DateLength = origin + (int)reader.BytesConsumed - start;
                break;
            case JournalField.Metadata or JournalField.RequestId:
                _current.HasMore = true;
                break;
            case JournalField.Correlation when isString:
                _current.CorrelationStart = start + 1;
                _current.CorrelationLength = reader.ValueSpan.Length;
                break;
            case JournalField.Index when reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out int index):
                _current.RenditionIndex = index;
                break;
            default:
                break;
        }
    }
}
