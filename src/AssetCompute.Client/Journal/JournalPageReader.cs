using System.Buffers;
using System.Text;
using System.Text.Json;
using AssetCompute.Client.Serialization;

namespace AssetCompute.Client.Journal;

/// <summary>
/// Reads the entries of one page while its bytes arrive. Holds 64 KiB of them, or one event when that is larger. An event that is too large or nested too deeply
/// does not affect the others.
/// </summary>
internal sealed class JournalPageReader : IDisposable
{
    internal const int BufferBytes = 64 * 1024;
    private const int EntryOverheadBytes = 128;

    // Depths in the JSON of a page: { "events": [ { "position": …, "event": … } ] }.
    private const int PageField = 1;
    private const int Entry = 2;
    private const int EntryField = 3;

    private readonly int _maxEventBytes;
    private readonly List<JournalPageEntry> _entries = [];
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
    private int _filled;
    private int _read;
    private int _entryBytes;
    private JsonReaderState _state = new(new JsonReaderOptions { MaxDepth = int.MaxValue });
    private bool _isAtStart = true;
    private bool _hasEvents;
    private bool _isInEvents;
    private bool _isInEntry;

    // The field of the page or of an entry that is being read: its bytes are kept until it is complete.
    private Field _field;
    private int _fieldDepth;
    private int _fieldStart = -1;
    private int _valueStart;
    private JsonReaderState _stateAtField;
    private JsonValueSkipper _skipper;
    private bool _isSkipping;
    private bool _wasSkipped;

    private JournalPosition _position;
    private ReadOnlyMemory<byte> _event;
    private string? _problem;
    private bool _isTooDeep;

    /// <param name="maxEventBytes">The most bytes of one event.</param>
    public JournalPageReader(int maxEventBytes) => _maxEventBytes = maxEventBytes;

    private static ReadOnlySpan<byte> Null => "null"u8;

    private enum Field
    {
        Other,
        Events,
        Position,
        Event,
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

    /// <summary>Reads the bytes that were put into <see cref="FreeSpace"/>.</summary>
    /// <param name="count">How many bytes; 0 at the end of the page.</param>
    /// <returns>Whether the entries must be taken before more is read.</returns>
    /// <exception cref="JsonException">The page is broken, or ended in the middle.</exception>
    public bool Advance(int count)
    {
        _filled += count;
        bool isFinal = count == 0;
        if (!TryPassByteOrderMark(isFinal))
        {
            return false;
        }

        if (TrySkip())
        {
            ReadTokens(isFinal);
            if (_fieldStart >= 0 && _filled - _fieldStart > _maxEventBytes)
            {
                StartSkipping();
            }
        }
        else if (isFinal)
        {
            throw new JsonException("The page ended in the middle of a value.");
        }

        return isFinal && !_hasEvents
            ? throw new JsonException("The answer is not a page of a journal: it has no array of events.")
            : _entries.Count > 0 && (isFinal || _entryBytes >= BufferBytes);
    }

    /// <summary>Returns the entries that are complete, each with bytes of its own.</summary>
    public IReadOnlyList<JournalPageEntry> TakeEntries()
    {
        JournalPageEntry[] entries = [.. _entries];
        _entries.Clear();
        _entryBytes = 0;
        return entries;
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

    private bool TryPassByteOrderMark(bool isFinal)
    {
        ReadOnlySpan<byte> mark = [0xEF, 0xBB, 0xBF];
        ReadOnlySpan<byte> page = _buffer.AsSpan(0, _filled);
        if (_isAtStart && !isFinal && page.Length < mark.Length && mark.StartsWith(page))
        {
            return false;
        }

        _read = _isAtStart && page.StartsWith(mark) ? mark.Length : _read;
        _isAtStart = false;
        return true;
    }

    private void ReadTokens(bool isFinal)
    {
        int origin = _read;
        Utf8JsonReader reader = new(_buffer.AsSpan(_read, _filled - _read), isFinal, _state);
        while (reader.Read())
        {
            int depth = reader.CurrentDepth;
            if (depth > EntryField)
            {
                _isTooDeep |= depth - EntryField >= EventReader.MaxDepth && reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray;
                continue;
            }

            switch (reader.TokenType)
            {
                case JsonTokenType.PropertyName when depth == PageField || (depth == EntryField && _isInEntry):
                    StartField(ref reader, origin, depth);
                    break;
                case JsonTokenType.StartObject or JsonTokenType.StartArray:
                    Start(ref reader, origin, depth);
                    break;
                case JsonTokenType.EndObject or JsonTokenType.EndArray:
                    End(ref reader, origin, depth);
                    break;
                default:
                    if (_fieldStart >= 0 && depth == _fieldDepth)
                    {
                        _valueStart = origin + (int)reader.TokenStartIndex;
                        EndField(ref reader, origin);
                    }

                    break;
            }
        }

        _state = reader.CurrentState;
        _read = origin + (int)reader.BytesConsumed;
    }

    private void StartField(ref Utf8JsonReader reader, int origin, int depth)
    {
        _field = depth == PageField
            ? reader.TextIs("events"u8) ? Field.Events : Field.Other
            : reader.TextIs("event"u8) ? Field.Event : reader.TextIs("position"u8) ? Field.Position : Field.Other;
        _fieldDepth = depth;
        _isTooDeep = false;
        _fieldStart = origin + (int)reader.BytesConsumed;
        _stateAtField = reader.CurrentState;
    }

    private void Start(ref Utf8JsonReader reader, int origin, int depth)
    {
        if (depth == PageField && _field == Field.Events && reader.TokenType == JsonTokenType.StartArray)
        {
            _hasEvents = true;
            _isInEvents = true;
            _fieldStart = -1;
        }
        else if (depth == Entry && _isInEvents && reader.TokenType == JsonTokenType.StartObject)
        {
            _isInEntry = true;
            _position = default;
            _event = default;
            _problem = null;
        }
        else if (_fieldStart >= 0 && depth == _fieldDepth)
        {
            _valueStart = origin + (int)reader.TokenStartIndex;
        }
    }

    private void End(ref Utf8JsonReader reader, int origin, int depth)
    {
        if (_fieldStart >= 0 && depth == _fieldDepth)
        {
            EndField(ref reader, origin);
        }
        else if (depth == Entry && _isInEntry)
        {
            _isInEntry = false;
            _entries.Add(new JournalPageEntry(new JournalEntry(_position, _event), _problem));
            _entryBytes += _event.Length + EntryOverheadBytes;
        }
        else if (depth == PageField)
        {
            _isInEvents = false;
        }
    }

    private void EndField(ref Utf8JsonReader reader, int origin)
    {
        ReadOnlySpan<byte> value = _buffer.AsSpan(_valueStart, origin + (int)reader.BytesConsumed - _valueStart);
        bool isTooLarge = _wasSkipped || value.Length > _maxEventBytes;
        _fieldStart = -1;
        _wasSkipped = false;
        if (_field == Field.Position)
        {
            _position = reader.TokenType == JsonTokenType.String && TextOf(ref reader) is { Length: > 0 } text ? JournalPosition.After(text) : default;
        }
        else if (_field == Field.Event)
        {
            _event = isTooLarge ? default : value.ToArray();
            _problem = isTooLarge ? $"The event has more than {_maxEventBytes} bytes ({nameof(JournalOptions)}.{nameof(JournalOptions.MaxEventBytes)})."
                : _isTooDeep ? $"The event is nested more than {EventReader.MaxDepth} levels deep."
                : null;
        }
    }

    private static string TextOf(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString()!;
        }
        catch (InvalidOperationException)
        {
            // Not Unicode. The position is of no use, but it must not end the reading either.
            return Encoding.UTF8.GetString(reader.ValueSpan.ToArray());
        }
    }

    /// <summary>Replaces a value that is too large with null, for the reader of the tokens, and passes over its bytes as they arrive.</summary>
    private void StartSkipping()
    {
        _skipper = default;
        _skipper.Skip(_buffer.AsSpan(_fieldStart, _filled - _fieldStart));
        _isSkipping = true;
        _wasSkipped = true;
        _state = _stateAtField;
        _fieldStart = 0;
        _read = 0;
        _filled = Null.Length;
        Null.CopyTo(_buffer);
    }

    /// <returns>False while the end of the value is not there.</returns>
    private bool TrySkip()
    {
        if (!_isSkipping)
        {
            return true;
        }

        int end = _skipper.Skip(_buffer.AsSpan(Null.Length, _filled - Null.Length));
        if (end < 0)
        {
            _filled = Null.Length;
            return false;
        }

        _isSkipping = false;
        int rest = _filled - Null.Length - end;
        _buffer.AsSpan(Null.Length + end, rest).CopyTo(_buffer.AsSpan(Null.Length));
        _filled = Null.Length + rest;
        return true;
    }

    private void MakeRoom()
    {
        int keepFrom = _fieldStart >= 0 ? _fieldStart : _read;
        if (keepFrom == 0)
        {
            Grow();
            return;
        }

        _buffer.AsSpan(keepFrom, _filled - keepFrom).CopyTo(_buffer);
        _filled -= keepFrom;
        _read -= keepFrom;
        _valueStart -= keepFrom;
        _fieldStart = Math.Max(-1, _fieldStart - keepFrom);
    }

    private void Grow()
    {
        if (_buffer.Length > _maxEventBytes)
        {
            throw new JsonException($"A part of the page that is no event has more than {_maxEventBytes} bytes ({nameof(JournalOptions)}.{nameof(JournalOptions.MaxEventBytes)}).");
        }

        byte[] larger = ArrayPool<byte>.Shared.Rent((int)Math.Min(_maxEventBytes + 1L, _buffer.Length * 2L));
        _buffer.AsSpan(0, _filled).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
    }
}
