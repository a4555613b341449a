namespace AssetCompute.Emulator;

/// <summary>
/// The journal of a registration: an append-only list in which the number of an event is its index, so that the cost of a read depends only on the size of
/// the page.
/// </summary>
internal sealed class EventJournal(Registration registration, byte[] key, AssetComputeEmulatorOptions options, EmulatorJournalFaults faults, Action<EventJournal, JournalRecord> persist)
{
    private readonly Lock _gate = new();
    private readonly List<JournalRecord> _records = [];
    private readonly JournalPositions _positions = new(registration.JournalId, key);
    private readonly TimeProvider _clock = options.TimeProvider;

    /// <summary>The number of the record at index 0. Records below <see cref="_available"/> are removed by the next trim.</summary>
    private long _first = 1;

    private long _available = 1;
    private long _readUpTo;

    /// <summary>The bytes of the available events, and of the events to trim.</summary>
    private long _bytes;

    private long _goneBytes;

    public event Action<JournalRecord>? Appended;

    public Registration Registration => registration;

    public bool IsReady => _clock.GetUtcNow() >= registration.RegisteredAt + faults.ReadyAfter;

    public long Count
    {
        get
        {
            lock (_gate)
            {
                return End - _available + 1;
            }
        }
    }

    /// <summary>The number of the newest event.</summary>
    private long End => _first + _records.Count - 1;

    public void Append(byte[] eventJson)
    {
        if (!IsReady && faults.LoseEventsUntilReady)
        {
            return;
        }

        var appended = new List<JournalRecord>(2);
        lock (_gate)
        {
            appended.AddRange(Store(eventJson));
            if (faults.DrawDuplicate())
            {
                appended.AddRange(Store(eventJson));
            }

            Trim();
        }

        foreach (var record in appended)
        {
            Appended?.Invoke(record);
        }
    }

    /// <summary>Restores a record that an earlier run of the emulator saved.</summary>
    public void Restore(long sequence, DateTimeOffset time, byte[] eventJson)
    {
        lock (_gate)
        {
            if (_records.Count == 0)
            {
                _first = _available = sequence;
            }

            var record = new JournalRecord(sequence, _positions.Format(sequence), time, eventJson);
            if (sequence <= End)
            {
                // A reordered event is saved again under the same number.
                var index = (int)(sequence - _first);
                _bytes -= _records[index].Event.Length;
                _records[index] = record;
            }
            else
            {
                _records.Add(record);
            }

            _bytes += eventJson.Length;

            _readUpTo = End;
        }
    }

    /// <summary>Reads the events after a position.</summary>
    /// <param name="since">The position, exclusive; <see langword="null"/> starts at the oldest available event.</param>
    /// <param name="limit">The maximum number of events.</param>
    /// <exception cref="JournalPositionExpiredException">The position is before the oldest available event.</exception>
    /// <exception cref="FormatException">The text is not a position.</exception>
    public JournalPage Read(string? since, int limit)
    {
        lock (_gate)
        {
            var oldest = OldestAvailable();
            return Slice(since is null ? oldest : NumberOf(since, oldest) + 1, limit);
        }
    }

    /// <summary>Counts the events after a position that <see cref="Read"/> would return.</summary>
    /// <exception cref="JournalPositionExpiredException">The position is before the oldest available event.</exception>
    /// <exception cref="FormatException">The text is not a position.</exception>
    public long CountAfter(string? since)
    {
        lock (_gate)
        {
            var oldest = OldestAvailable();
            return Math.Max(0, VisibleEnd() - (since is null ? oldest - 1 : NumberOf(since, oldest)));
        }
    }

    /// <summary>Returns the page of a journal without events.</summary>
    public JournalPage ReadNothing()
    {
        var start = _positions.Format(0);
        return new([], start, start);
    }

    /// <summary>Returns an empty page at the end of the journal. The next page contains only new events.</summary>
    public JournalPage ReadLatest()
    {
        lock (_gate)
        {
            // This reader skips all earlier events, so a later event must not be reordered before this position.
            var last = VisibleEnd();
            _readUpTo = Math.Max(_readUpTo, last);
            var end = _positions.Format(last);
            return new([], end, end);
        }
    }

    /// <summary>Reads the events from a time on.</summary>
    public JournalPage ReadFrom(DateTimeOffset time, int limit)
    {
        lock (_gate)
        {
            var index = (int)(OldestAvailable() - _first);
            while (index < _records.Count && _records[index].Time < time)
            {
                index++;
            }

            return Slice(_first + index, limit);
        }
    }

    /// <summary>Returns the newest events, newest first, for the web page.</summary>
    public IReadOnlyList<JournalRecord> Newest(int count)
    {
        lock (_gate)
        {
            var available = (int)Math.Min(count, End - _available + 1);
            return _records.Skip(_records.Count - available).Reverse().ToArray();
        }
    }

    /// <summary>Checks whether a position is still readable.</summary>
    public void Validate(string since)
    {
        lock (_gate)
        {
            NumberOf(since, OldestAvailable());
        }
    }

    private List<JournalRecord> Store(byte[] eventJson)
    {
        var sequence = End + 1;
        var stored = new List<JournalRecord> { new(sequence, _positions.Format(sequence), _clock.GetUtcNow() + options.Journal.EventDelay, eventJson) };
        _records.Add(stored[0]);
        _bytes += eventJson.Length;

        // Only unread events may change places: the event at a position must not change once it has been read.
        var unread = (int)(sequence - 1 - Math.Max(_readUpTo, _available - 1));
        if (faults.DrawReorder(out var place) && unread > 0)
        {
            var index = _records.Count - 2 - (int)(place * unread);
            var earlier = _records[index];
            _records[index] = earlier with { Event = eventJson };
            _records[^1] = stored[0] with { Event = earlier.Event };
            stored = [_records[index], _records[^1]];
        }

        foreach (var record in stored)
        {
            persist(this, record);
        }

        return stored;
    }

    private JournalPage Slice(long from, int limit)
    {
        var records = new List<JournalRecord>();
        long bytes = 128;
        var most = Math.Min(limit, faults.MaxPageEvents ?? int.MaxValue);
        var end = VisibleEnd();
        for (var index = (int)(from - _first); index <= end - _first && records.Count < most; index++)
        {
            bytes += _records[index].PageLength + 1;
            if (records.Count > 0 && bytes > options.Journal.MaxPageBytes)
            {
                break;
            }

            records.Add(_records[index]);
            _records[index].FirstReadAt ??= _clock.GetUtcNow();
        }

        var last = from - 1 + records.Count;
        _readUpTo = Math.Max(_readUpTo, last);
        return new(records, _positions.Format(from - 1), _positions.Format(last));
    }

    private long NumberOf(string position, long oldest)
    {
        if (_positions.Parse(position) is { } sequence && sequence <= End)
        {
            return sequence >= oldest - 1 ? sequence : throw new JournalPositionExpiredException(position);
        }

        // A position that this journal has not issued may come from its past: the emulator ran without a data folder, or the client registered again. The reader
        // must recover as from an expired position.
        throw JournalPositions.HasShape(position)
            ? new JournalPositionExpiredException(position)
            : new FormatException($"'{position}' is not a position of a journal.");
    }

    /// <summary>The number of the oldest event that has not expired by age or by a fault.</summary>
    private long OldestAvailable()
    {
        var byFault = faults.ExpireBefore is { } position && _positions.Parse(position) is { } sequence ? Math.Min(sequence, End + 1) : 0;
        return Math.Max(OldestKept(), byFault);
    }

    private void Trim()
    {
        while (End - _available >= options.Journal.Capacity || (_bytes > options.Journal.CapacityBytes && _available < End))
        {
            GiveUpOldest();
        }

        var gone = (int)(OldestKept() - _first);

        // Removing from the front moves the rest, so trim often enough to bound memory, but rarely enough to keep the cost low.
        if ((gone > 1024 && gone > _records.Count / 4) || _goneBytes > options.Journal.CapacityBytes / 4)
        {
            _records.RemoveRange(0, gone);
            _first += gone;
            _goneBytes = 0;
        }
    }

    private void GiveUpOldest()
    {
        var length = _records[(int)(_available - _first)].Event.Length;
        _bytes -= length;
        _goneBytes += length;
        _available++;
    }

    /// <summary>The number of the newest event whose delay is over.</summary>
    private long VisibleEnd()
    {
        var now = _clock.GetUtcNow();
        var end = End;
        while (end >= _first && _records[(int)(end - _first)].Time > now)
        {
            end--;
        }

        return end;
    }

    /// <summary>The number of the oldest event within the retention period and the capacity limits.</summary>
    private long OldestKept()
    {
        var expiry = _clock.GetUtcNow() - options.Journal.Retention;
        while (_available <= End && _records[(int)(_available - _first)].Time < expiry)
        {
            GiveUpOldest();
        }

        return _available;
    }
}
