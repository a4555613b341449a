using Microsoft.AspNetCore.Http;

namespace AssetCompute.Emulator;

/// <summary>The journal of a registration: a list with the number of an event as its index, so that the cost of a read depends only on the size of the page.</summary>
internal sealed class EventJournal(Registration registration, byte[] key, AssetComputeEmulatorOptions options, EmulatorJournalFaults faults, Action<EventJournal, JournalRecord> persist)
{
    /// <summary>The maximum number of bytes of events per page, as documented by Adobe. A single larger event gets its own page.</summary>
    private const int MaxPageBytes = 1_500_000;

    private readonly Lock _gate = new();
    private readonly List<JournalRecord> _records = [];
    private readonly JournalPositions _positions = new(registration.JournalId, key);
    private readonly TimeProvider _clock = options.TimeProvider;

    /// <summary>The number of the record at index 0.</summary>
    private long _first = 1;

    private long _readUpTo;
    private long _bytes;

    public event Action<JournalRecord>? Appended;

    public Registration Registration => registration;

    public bool IsReady => _clock.GetUtcNow() >= registration.RegisteredAt + faults.ReadyAfter;

    public long Count => Locked(() => End - Trim() + 1);

    /// <summary>The number of the newest event.</summary>
    private long End => _first + _records.Count - 1;

    public void Append(byte[] eventJson)
    {
        if (!IsReady && faults.LoseEventsUntilReady)
        {
            return;
        }

        List<JournalRecord> appended;
        lock (_gate)
        {
            appended = Store(eventJson);
            if (faults.DrawDuplicate())
            {
                appended.AddRange(Store(eventJson));
            }

            Trim();
        }

        appended.ForEach(record => Appended?.Invoke(record));
    }

    /// <summary>Restores the records that an earlier run of the emulator saved, in order.</summary>
    /// <returns>The number of records, from the first one, that the journal no longer keeps.</returns>
    public int Restore(IReadOnlyList<JournalRecord> saved)
    {
        lock (_gate)
        {
            _records.AddRange(saved.Select(record => record with { Position = _positions.Format(record.Sequence) }));
            _bytes = _records.Sum(static record => (long)record.Event.Length);
            var start = _first = saved is [var oldest, ..] ? oldest.Sequence : 1;
            _readUpTo = End;
            Trim();
            return (int)(_first - start);
        }
    }

    /// <summary>Reads the events after a position.</summary>
    /// <param name="since">The position, exclusive; <see langword="null"/> starts at the oldest available event.</param>
    /// <param name="limit">The maximum number of events.</param>
    /// <exception cref="Refusal">The position is before the oldest available event.</exception>
    /// <exception cref="FormatException">The text is not a position.</exception>
    public JournalPage Read(string? since, int limit) => Locked(() => Slice(NumberOf(since) + 1, limit));

    /// <summary>Counts the events after a position that <see cref="Read"/> would return.</summary>
    /// <exception cref="Refusal">The position is before the oldest available event.</exception>
    /// <exception cref="FormatException">The text is not a position.</exception>
    public long CountAfter(string? since) => Locked(() => Math.Max(0, VisibleEnd() - NumberOf(since)));

    /// <summary>Returns an empty page at the end of the journal. A later event is never reordered before it, because its reader skips all earlier ones.</summary>
    public JournalPage ReadLatest() => Locked(() => Slice(VisibleEnd() + 1, 0));

    /// <summary>Reads the events from a time on.</summary>
    public JournalPage ReadFrom(DateTimeOffset time, int limit) => Locked(() =>
    {
        var oldest = OldestAvailable();
        return Slice(oldest + _records.Skip((int)(oldest - _first)).TakeWhile(record => record.Time < time).Count(), limit);
    });

    /// <summary>Returns the newest events, newest first, for the web page.</summary>
    public IReadOnlyList<JournalRecord> Newest(int count) => Locked(() => _records.TakeLast((int)Math.Min(count, End - Trim() + 1)).Reverse().ToArray());

    private T Locked<T>(Func<T> read)
    {
        lock (_gate)
        {
            return read();
        }
    }

    private JournalRecord At(long sequence) => _records[(int)(sequence - _first)];

    private List<JournalRecord> Store(byte[] eventJson)
    {
        var sequence = End + 1;
        var stored = new List<JournalRecord> { new(sequence, _positions.Format(sequence), _clock.GetUtcNow() + options.Journal.EventDelay, eventJson) };
        _records.Add(stored[0]);
        _bytes += eventJson.Length;

        // Only unread events may change places: the event at a position must not change once it has been read.
        var unread = (int)(sequence - 1 - Math.Max(_readUpTo, _first - 1));
        if (faults.DrawReorder(out var place) && unread > 0)
        {
            var index = _records.Count - 2 - (int)(place * unread);
            var earlier = _records[index];
            _records[index] = earlier with { Event = eventJson };
            _records[^1] = stored[0] with { Event = earlier.Event };
            stored = [_records[index], _records[^1]];
        }

        stored.ForEach(record => persist(this, record));
        return stored;
    }

    private JournalPage Slice(long from, int limit)
    {
        var records = new List<JournalRecord>();
        long bytes = 128;
        var most = Math.Min(limit, faults.MaxPageEvents ?? int.MaxValue);
        var end = VisibleEnd();
        for (var sequence = from; sequence <= end && records.Count < most; sequence++)
        {
            var record = At(sequence);
            bytes += record.PageLength + 1;
            if (records.Count > 0 && bytes > MaxPageBytes)
            {
                break;
            }

            record.FirstReadAt ??= _clock.GetUtcNow();
            records.Add(record);
        }

        var last = from - 1 + records.Count;
        _readUpTo = Math.Max(_readUpTo, last);
        return new(records, _positions.Format(from - 1), _positions.Format(last));
    }

    /// <summary>Returns the number of the event at a position; without a position, the number before the oldest available event.</summary>
    private long NumberOf(string? position)
    {
        var start = OldestAvailable() - 1;
        if (position is null)
        {
            return start;
        }

        if (_positions.Parse(position) is { } sequence && sequence <= End)
        {
            return sequence >= start ? sequence : throw Expired(position);
        }

        // A position that this journal has not issued may come from its past: the emulator ran without a data folder, or the client registered again. The reader
        // must recover as from an expired position.
        throw JournalPositions.HasShape(position)
            ? Expired(position)
            : new FormatException($"'{position}' is not a position of a journal.");
    }

    private static Refusal Expired(string position) => new(StatusCodes.Status410Gone, $"Events at position {position} have expired.");

    /// <summary>The number of the oldest event that has not expired by age or by a fault.</summary>
    private long OldestAvailable()
    {
        var byFault = faults.ExpireBefore is { } position && _positions.Parse(position) is { } sequence ? Math.Min(sequence, End + 1) : 0;
        return Math.Max(Trim(), byFault);
    }

    /// <summary>The number of the newest event whose delay is over.</summary>
    private long VisibleEnd()
    {
        var now = _clock.GetUtcNow();
        return _first + _records.FindLastIndex(record => record.Time <= now);
    }

    /// <summary>
    /// Removes the events that are too old or beyond the capacity. The last one stays in the list, because numbering continues from it after a restart, but is
    /// not available once it is too old.
    /// </summary>
    /// <returns>The number of the oldest event that is available.</returns>
    private long Trim()
    {
        var expiry = _clock.GetUtcNow() - options.Journal.Retention;
        var gone = 0;
        while (_records.Count - gone > 1
            && (_records[gone].Time < expiry || _records.Count - gone > options.Journal.Capacity || _bytes > options.Journal.CapacityBytes))
        {
            _bytes -= _records[gone++].Event.Length;
        }

        _records.RemoveRange(0, gone);
        _first += gone;
        return _records is [var oldest, ..] && oldest.Time < expiry ? End + 1 : _first;
    }
}
