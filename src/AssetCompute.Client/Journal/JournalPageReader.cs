using System.Text;
using System.Text.Json;
using AssetCompute.Client.Serialization;

namespace AssetCompute.Client.Journal;

/// <summary>
/// Splits a page into its entries while its bytes arrive: <c>{ "events": [ { "position": …, "event": … } ] }</c>. It buffers one event and a batch. An event
/// that is too large or nested too deeply does not affect the others.
/// </summary>
internal sealed class JournalPageReader(int maxEventBytes) : IDisposable
{
    /// <summary>The bytes of the events that are returned together.</summary>
    internal const int BatchBytes = 64 * 1024;

    private const int EntryOverheadBytes = 128;
    private const int PageDepth = 1;
    private const int EventsDepth = 2;
    private const int EntryDepth = 3;

    private static readonly byte[] s_byteOrderMark = [0xEF, 0xBB, 0xBF];

    private readonly List<JournalEntry> _entries = [];

    // The bytes that are not parsed yet, preceded by the incomplete event.
    private readonly MemoryStream _bytes = new();
    private JsonReaderState _state = new(new JsonReaderOptions { MaxDepth = int.MaxValue });
    private long _received;
    private int _read;
    private int _enough = s_byteOrderMark.Length;
    private bool _isAtStart = true;
    private int _batchBytes;

    private bool _nameIsEvents;
    private bool _hasEvents;
    private bool _isInEvents;
    private bool _isInEntry;
    private bool _isAtEvent;
    private bool _isAtPosition;
    private JournalPosition _position;
    private ReadOnlyMemory<byte> _raw;
    private string? _problem;

    // Where the event starts among the bytes; -1 outside of an event, and in one that is too large and was dropped.
    private int _eventStart = -1;

    // Whether the current string or number was too large for the buffer, and was shortened.
    private bool _isCut;

    /// <summary>Whether the caller must take the entries before it reads more.</summary>
    public bool HasBatch => _batchBytes >= BatchBytes;

    /// <summary>Reads the next bytes of the page.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <param name="count">How many bytes; 0 at the end of the page.</param>
    /// <exception cref="JsonException">The page is malformed or incomplete.</exception>
    public void Read(byte[] bytes, int count)
    {
        _received += count;
        _bytes.Write(bytes, 0, count);
        bool isFinal = count == 0;
        if (isFinal || _bytes.Length >= _enough)
        {
            _read = _isAtStart && _bytes.GetBuffer().AsSpan(0, (int)_bytes.Length).StartsWith(s_byteOrderMark) ? s_byteOrderMark.Length : _read;
            _isAtStart = false;
            ReadTokens(isFinal);
        }

        if (isFinal && !_hasEvents)
        {
            throw new JsonException("The answer is not a page of a journal: it has no array of events.");
        }
    }

    /// <summary>Returns the complete entries, each with its own bytes.</summary>
    public IReadOnlyList<JournalEntry> TakeEntries()
    {
        JournalEntry[] entries = [.. _entries];
        _entries.Clear();
        _batchBytes = 0;
        return entries;
    }

    public void Dispose() => _bytes.Dispose();

    private void ReadTokens(bool isFinal)
    {
        byte[] buffer = _bytes.GetBuffer();
        int length = (int)_bytes.Length;
        Utf8JsonReader reader = new(buffer.AsSpan(_read, length - _read), isFinal, _state);
        try
        {
            while (reader.Read())
            {
                Take(ref reader);
                _isCut = false;
            }
        }
        catch (JsonException exception)
        {
            // The exception counts from the start of this part of the page.
            long place = _received - (length - _read) + reader.BytesConsumed;
            throw new JsonException($"The page is not JSON near byte {place}: {exception.Message.Split([" LineNumber:"], StringSplitOptions.None)[0]}", exception);
        }

        _state = reader.CurrentState;
        _read += (int)reader.BytesConsumed;
        _eventStart = length - _eventStart > maxEventBytes ? -1 : _eventStart;

        int keep = _eventStart >= 0 ? _eventStart : _read;
        Buffer.BlockCopy(buffer, keep, buffer, 0, length - keep);
        _bytes.SetLength(length - keep);
        _read -= keep;
        _eventStart = Math.Max(-1, _eventStart - keep);
        if (_bytes.Length - _read > (long)maxEventBytes + BatchBytes)
        {
            Cut();
        }

        // Does not parse a long string again with each new piece of it.
        _enough = reader.BytesConsumed == 0 && length > BatchBytes ? (int)Math.Min(int.MaxValue, 2 * _bytes.Length) : 0;
    }

    private void Take(ref Utf8JsonReader reader)
    {
        switch (reader.CurrentDepth, reader.TokenType)
        {
            case (PageDepth, JsonTokenType.PropertyName):
                _nameIsEvents = reader.TextIs("events"u8);
                break;
            case (PageDepth, JsonTokenType.StartArray):
                _isInEvents = _nameIsEvents;
                _hasEvents |= _isInEvents;
                break;
            case (PageDepth, JsonTokenType.EndArray):
                _isInEvents = false;
                break;
            case (EventsDepth, JsonTokenType.StartObject) when _isInEvents:
                (_isInEntry, _position, _raw, _problem) = (true, default, default, null);
                break;
            case (EventsDepth, JsonTokenType.EndObject) when _isInEntry:
                _isInEntry = false;
                _entries.Add(new JournalEntry(_position, _raw) { Problem = _problem });
                _batchBytes += _raw.Length + EntryOverheadBytes;
                break;
            case (EntryDepth, JsonTokenType.PropertyName) when _isInEntry:
                (_isAtEvent, _isAtPosition) = (reader.TextIs("event"u8), reader.TextIs("position"u8));
                break;
            case (EntryDepth, _) when _isInEntry && _isAtEvent:
                TakeEvent(ref reader);
                break;
            case (EntryDepth, not (JsonTokenType.EndObject or JsonTokenType.EndArray)) when _isInEntry && _isAtPosition:
                // A position that is not valid Unicode is of no use, but must not end the reading.
                _position = !_isCut && reader.TokenType == JsonTokenType.String && (reader.Text() ?? Encoding.UTF8.GetString(reader.ValueSpan.ToArray())) is { Length: > 0 } text ? JournalPosition.After(text) : default;
                break;
            case (_, JsonTokenType.StartObject or JsonTokenType.StartArray) when _eventStart >= 0 && reader.CurrentDepth >= EntryDepth + EventReader.MaxDepth:
                _problem = $"The event is nested more than {EventReader.MaxDepth} levels deep.";
                break;
            default:
                break;
        }
    }

    /// <summary>Takes the event, or its start or end.</summary>
    private void TakeEvent(ref Utf8JsonReader reader)
    {
        if (reader.TokenType is not (JsonTokenType.EndObject or JsonTokenType.EndArray))
        {
            _eventStart = _read + (int)reader.TokenStartIndex;
            _problem = null;
        }

        if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
        {
            return;
        }

        int length = _read + (int)reader.BytesConsumed - _eventStart;
        bool isTooLarge = _eventStart < 0 || _isCut || length > maxEventBytes;
        _raw = isTooLarge ? default : _bytes.GetBuffer().AsSpan(_eventStart, length).ToArray();
        _problem = isTooLarge ? $"The event has more than {maxEventBytes} bytes ({nameof(JournalOptions)}.{nameof(JournalOptions.MaxEventBytes)})." : _problem;
        _eventStart = -1;
    }

    /// <summary>Shortens an incomplete string or number that is too large, so that the rest of it still continues a valid one. Its value is not used.</summary>
    private void Cut()
    {
        if (!_isInEntry)
        {
            throw new JsonException($"A part of the page that is not an event has more than {maxEventBytes} bytes ({nameof(JournalOptions)}.{nameof(JournalOptions.MaxEventBytes)}).");
        }

        string text = Encoding.ASCII.GetString(_bytes.GetBuffer(), _read, (int)_bytes.Length - _read);
        string value = text.TrimStart(' ', '\t', '\r', '\n', ',', ':');
        bool separates = text.IndexOf(',', 0, text.Length - value.Length) >= 0;
        bool isEscaped = (value.Length - value.TrimEnd('\\').Length) % 2 == 1;
        string kept = value.Length == 0 ? "" : value[0] != '"' ? (value[value.Length - 1] is 'e' or 'E' ? "1e" : "1") : isEscaped ? "\"\\" : "\"";
        _isCut = value.Length > 0;
        byte[] stand = Encoding.ASCII.GetBytes((separates ? "," : "") + kept);
        _bytes.SetLength(_read);
        _bytes.Write(stand, 0, stand.Length);
    }
}
