using System.Text;
using System.Text.Json;
using AssetCompute.Client.Serialization;

namespace AssetCompute.Client.Journal;

/// <summary>
/// Splits a page into its entries while its bytes arrive: <c>{ "events": [ { "position": …, "event": … } ] }</c>. It holds one entry and a batch. An event that is too large or nested too deeply
/// does not affect the others.
/// </summary>
/// <remarks>Strings and brackets alone show where an entry ends. <see cref="Utf8JsonReader"/> then reads the entry, and also what is around the entries, so that the whole page must be JSON.</remarks>
internal sealed class JournalPageReader(int maxEventBytes) : IDisposable
{
    /// <summary>The bytes of the events that are returned together.</summary>
    internal const int BatchBytes = 64 * 1024;

    private const int EntryOverheadBytes = 128;
    private const int PageDepth = 1;
    private const int EventsDepth = 2;
    private const int EntryDepth = 3;

    private static readonly JsonReaderOptions s_anyDepth = new() { MaxDepth = int.MaxValue };
    private static readonly byte[] s_placeholder = [(byte)'{', (byte)'}'];
    private static readonly byte[] s_null = [(byte)'n', (byte)'u', (byte)'l', (byte)'l'];

    private readonly List<JournalPageEntry> _entries = [];
    private readonly MemoryStream _entry = new();

    // The page without its entries, as far as it was not read yet.
    private readonly MemoryStream _outside = new();
    private JsonReaderState _outsideState = new(s_anyDepth);
    private bool _isAtStart = true;
    private bool _nameIsEvents;

    private long _offset;
    private int _batchBytes;
    private int _depth;
    private bool _isInString;
    private bool _isEscaped;
    private bool _hasEvents;
    private bool _isInEvents;
    private bool _isInEntry;
    private int _valueStart;
    private int _skippedAt;
    private bool _isSkipping;

    /// <summary>Whether the entries must be taken before more is read.</summary>
    public bool HasBatch => _batchBytes >= BatchBytes;

    /// <summary>Reads the next bytes of the page.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <param name="count">How many bytes; 0 at the end of the page.</param>
    /// <exception cref="JsonException">The page is broken, or ended in the middle.</exception>
    public void Read(byte[] bytes, int count)
    {
        int start = 0;
        for (int i = 0; i < count; i++)
        {
            byte value = bytes[i];
            if (_isInString)
            {
                _isInString = _isEscaped || value != '"';
                _isEscaped = !_isEscaped && value == '\\';
                continue;
            }

            switch (value)
            {
                case (byte)'"':
                    _isInString = true;
                    break;
                case (byte)'{' or (byte)'[':
                    if (_depth == PageDepth && value == '[')
                    {
                        Keep(bytes, ref start, i);
                        ReadOutside(i, isFinal: false);
                        _isInEvents = _nameIsEvents;
                        _hasEvents |= _isInEvents;
                    }
                    else if (_depth == EventsDepth && value == '{' && _isInEvents)
                    {
                        Keep(bytes, ref start, i);
                        _outside.Write(s_placeholder, 0, s_placeholder.Length);
                        ReadOutside(i, isFinal: false);
                        StartEntry();
                    }

                    _depth++;
                    break;
                case (byte)'}' or (byte)']':
                    _depth--;
                    if (_isInEntry && _depth == EventsDepth)
                    {
                        Keep(bytes, ref start, i);
                        _isSkipping = false;
                        Keep(bytes, ref start, i + 1);
                        EndEntry(i);
                    }
                    else if (_depth == PageDepth)
                    {
                        _isInEvents = false;
                    }

                    break;
                case (byte)',' or (byte)':' when _isInEntry && _depth == EntryDepth:
                    Keep(bytes, ref start, i);
                    _isSkipping &= value == ':';
                    Keep(bytes, ref start, i + 1);
                    _valueStart = _isSkipping ? _valueStart : (int)_entry.Length;
                    break;
                default:
                    break;
            }
        }

        Keep(bytes, ref start, count);
        ReadOutside(count, isFinal: count == 0);
        _offset += count;
        if (count == 0 && !_hasEvents)
        {
            throw new JsonException("The answer is not a page of a journal: it has no array of events.");
        }
    }

    /// <summary>Returns the entries that are complete, each with bytes of its own.</summary>
    public IReadOnlyList<JournalPageEntry> TakeEntries()
    {
        JournalPageEntry[] entries = [.. _entries];
        _entries.Clear();
        _batchBytes = 0;
        return entries;
    }

    public void Dispose()
    {
        _entry.Dispose();
        _outside.Dispose();
    }

    private void StartEntry()
    {
        _isInEntry = true;
        _entry.SetLength(0);
        _valueStart = 0;
        _skippedAt = -1;
    }

    /// <summary>Keeps bytes of an entry, or of what is around the entries. A value that is too large is replaced with null, and the rest of its bytes is dropped.</summary>
    private void Keep(byte[] bytes, ref int start, int end)
    {
        if (!_isSkipping)
        {
            (_isInEntry ? _entry : _outside).Write(bytes, start, end - start);
        }

        start = end;
        if (_isInEntry && !_isSkipping && _entry.Length - _valueStart > (long)maxEventBytes + BatchBytes)
        {
            _isSkipping = true;
            _skippedAt = _valueStart;
            _entry.SetLength(_valueStart);
            _entry.Write(s_null, 0, s_null.Length);
        }

        if (_entry.Length > 2 * ((long)maxEventBytes + BatchBytes) || _outside.Length > (long)maxEventBytes + BatchBytes)
        {
            throw new JsonException($"A part of the page that is no event has more than {maxEventBytes} bytes ({nameof(JournalOptions)}.{nameof(JournalOptions.MaxEventBytes)}).");
        }
    }

    private void EndEntry(int index)
    {
        _isInEntry = false;
        try
        {
            JournalPageEntry entry = ReadEntry(_entry.ToArray());
            _entries.Add(entry);
            _batchBytes += entry.Entry.Raw.Length + EntryOverheadBytes;
        }
        catch (JsonException exception)
        {
            throw Broken(exception, index);
        }
    }

    private JournalPageEntry ReadEntry(byte[] json)
    {
        JournalPosition position = default;
        ReadOnlyMemory<byte> raw = default;
        string? problem = null;
        Utf8JsonReader reader = new(json, s_anyDepth);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            bool isEvent = reader.TextIs("event"u8);
            bool isPosition = reader.TextIs("position"u8);
            reader.Read();
            int start = (int)reader.TokenStartIndex;
            if (isPosition)
            {
                position = reader.TokenType == JsonTokenType.String && TextOf(ref reader) is { Length: > 0 } text ? JournalPosition.After(text) : default;
            }

            bool isTooDeep = SkipsDeepValue(ref reader);
            if (isEvent)
            {
                raw = json.AsMemory(start, (int)reader.BytesConsumed - start);
                bool isTooLarge = start == _skippedAt || raw.Length > maxEventBytes;
                raw = isTooLarge ? default : raw;
                problem = isTooLarge ? $"The event has more than {maxEventBytes} bytes ({nameof(JournalOptions)}.{nameof(JournalOptions.MaxEventBytes)})."
                    : isTooDeep ? $"The event is nested more than {EventReader.MaxDepth} levels deep."
                    : null;
            }
        }

        return new JournalPageEntry(new JournalEntry(position, raw), problem);
    }

    /// <summary>Skips the current value, and returns whether it is nested too deeply.</summary>
    private static bool SkipsDeepValue(ref Utf8JsonReader reader)
    {
        int depth = reader.CurrentDepth;
        bool isTooDeep = false;
        if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
        {
            while (reader.Read() && reader.CurrentDepth > depth)
            {
                isTooDeep |= reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray && reader.CurrentDepth - depth >= EventReader.MaxDepth;
            }
        }

        return isTooDeep;
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

    /// <summary>Reads what is around the entries, and notes whether the last name in the page was that of the events.</summary>
    private void ReadOutside(int index, bool isFinal)
    {
        byte[] buffer = _outside.GetBuffer();
        int length = (int)_outside.Length;
        ReadOnlySpan<byte> mark = [0xEF, 0xBB, 0xBF];
        if (_isAtStart && !isFinal && length < mark.Length && mark.StartsWith(buffer.AsSpan(0, length)))
        {
            return;
        }

        int start = _isAtStart && buffer.AsSpan(0, length).StartsWith(mark) ? mark.Length : 0;
        _isAtStart = false;
        Utf8JsonReader reader = new(buffer.AsSpan(start, length - start), isFinal, _outsideState);
        try
        {
            while (reader.Read())
            {
                if (reader.CurrentDepth == PageDepth && reader.TokenType == JsonTokenType.PropertyName)
                {
                    _nameIsEvents = reader.TextIs("events"u8);
                }
            }
        }
        catch (JsonException exception)
        {
            throw Broken(exception, index - length + start + (int)reader.BytesConsumed);
        }

        _outsideState = reader.CurrentState;
        start += (int)reader.BytesConsumed;
        Buffer.BlockCopy(buffer, start, buffer, 0, length - start);
        _outside.SetLength(length - start);
    }

    /// <summary>The place that the exception names is not one of the page, since the entries are read apart from it.</summary>
    private JsonException Broken(JsonException exception, int index) =>
        new($"The page is not JSON near byte {_offset + index}: {exception.Message.Split([" LineNumber:"], StringSplitOptions.None)[0]}", exception);
}
