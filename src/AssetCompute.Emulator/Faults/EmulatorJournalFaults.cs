namespace AssetCompute.Emulator;

/// <summary>What goes wrong with the event journals beyond their HTTP answers. All of it is off until set; safe for use by many threads.</summary>
public sealed class EmulatorJournalFaults
{
    private readonly Lock _gate = new();
    private TimeSpan _readyAfter;
    private int _statusUntilReady = 404;
    private bool _loseEventsUntilReady;
    private string? _expireBefore;
    private readonly SeededShare _duplicates = new(1);
    private readonly SeededShare _reorders = new(2);
    private readonly SeededShare _repeats = new(3);
    private int? _maxPageEvents;

    internal EmulatorJournalFaults()
    {
    }

    /// <summary>
    /// How long after its first <c>/register</c> a journal does not exist yet. Adobe's needs up to 45 seconds. Default: zero.
    /// </summary>
    public TimeSpan ReadyAfter
    {
        get => Get(ref _readyAfter);
        set => Set(ref _readyAfter, value);
    }

    /// <summary>What a journal that is not ready yet answers. Default: 404.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not within 200 and 599.</exception>
    public int StatusUntilReady
    {
        get => Get(ref _statusUntilReady);
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 200);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, 599);
            Set(ref _statusUntilReady, value);
        }
    }

    /// <summary>Whether events that come before the journal is ready are lost, as Adobe warns. Default: they are kept.</summary>
    public bool LoseEventsUntilReady
    {
        get => Get(ref _loseEventsUntilReady);
        set => Set(ref _loseEventsUntilReady, value);
    }

    /// <summary>
    /// The first position that has not expired: reading <c>since</c> an earlier one answers 410. It is the position of an entry.
    /// Default: nothing has expired.
    /// </summary>
    public string? ExpireBefore
    {
        get => Get(ref _expireBefore);
        set => Set(ref _expireBefore, value);
    }

    /// <summary>The share of events, from 0 to 1, that are delivered twice: the second time at a later position. Default: 0.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not within 0 and 1.</exception>
    public double DuplicateShare
    {
        get => _duplicates.Value;
        set => _duplicates.Value = value;
    }

    /// <summary>The share of events, from 0 to 1, that change places with an earlier one that nobody has read yet. Default: 0.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not within 0 and 1.</exception>
    public double ReorderShare
    {
        get => _reorders.Value;
        set => _reorders.Value = value;
    }

    /// <summary>The share of pages, from 0 to 1, whose <c>next</c> link leads to the same page once more. Default: 0.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not within 0 and 1.</exception>
    public double RepeatPageShare
    {
        get => _repeats.Value;
        set => _repeats.Value = value;
    }

    /// <summary>The most events of a page, whatever <c>limit</c> says. Default: no such bound.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public int? MaxPageEvents
    {
        get => Get(ref _maxPageEvents);
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value ?? 1, 1);
            Set(ref _maxPageEvents, value);
        }
    }

    /// <summary>
    /// Starts the generators that choose anew, one for duplicates, one for reordered events and one for repeated pages: the same seed
    /// chooses the same of the events that come, whoever reads in between. With which earlier event one changes places depends on what
    /// was read, too.
    /// </summary>
    /// <param name="seed">The seed. The generators start with 0.</param>
    public void Seed(int seed)
    {
        _duplicates.Seed(seed);
        _reorders.Seed(seed);
        _repeats.Seed(seed);
    }

    /// <summary>Ends all faults of the journal. Positions that only this fault expired are readable again.</summary>
    public void Clear()
    {
        lock (_gate)
        {
            _readyAfter = TimeSpan.Zero;
            _statusUntilReady = 404;
            _loseEventsUntilReady = false;
            _expireBefore = null;
            _maxPageEvents = null;
        }

        _duplicates.Value = 0;
        _reorders.Value = 0;
        _repeats.Value = 0;
    }

    internal bool DrawDuplicate() => _duplicates.Draw();

    internal bool DrawRepeat() => _repeats.Draw();

    /// <param name="place">A number from 0 to below 1 that chooses with which one.</param>
    internal bool DrawReorder(out double place) => _reorders.Draw(out place);

    internal IEnumerable<string> Describe()
    {
        lock (_gate)
        {
            return new[]
            {
                _readyAfter > TimeSpan.Zero ? $"Journal: exists {_readyAfter.TotalSeconds:0.###} s after /register, {_statusUntilReady} until then" : null,
                _expireBefore is { } position ? $"Journal: positions before {position} have expired" : null,
                _duplicates.Value > 0 ? $"Journal: {_duplicates.Value:0.##%} of events twice" : null,
                _reorders.Value > 0 ? $"Journal: {_reorders.Value:0.##%} of events out of order" : null,
                _repeats.Value > 0 ? $"Journal: {_repeats.Value:0.##%} of pages again" : null,
                _maxPageEvents is { } most ? $"Journal: at most {most} events a page" : null,
            }.OfType<string>().ToArray();
        }
    }

    private T Get<T>(ref T field)
    {
        lock (_gate)
        {
            return field;
        }
    }

    private void Set<T>(ref T field, T value)
    {
        lock (_gate)
        {
            field = value;
        }
    }
}
