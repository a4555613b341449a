namespace AssetCompute.Emulator;

/// <summary>What goes wrong with the event journals beyond their HTTP answers. All of it is off until set; safe for use by many threads.</summary>
public sealed class EmulatorJournalFaults
{
    private readonly Lock _gate = new();
    private TimeSpan _readyAfter;
    private int _statusUntilReady = 404;
    private bool _loseEventsUntilReady;
    private string? _expireBefore;
    private double _duplicateShare;
    private double _reorderShare;
    private double _repeatPageShare;
    private int? _maxPageEvents;
    private Random _random = new(0);

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
    public int StatusUntilReady
    {
        get => Get(ref _statusUntilReady);
        set => Set(ref _statusUntilReady, value);
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
    public double DuplicateShare
    {
        get => Get(ref _duplicateShare);
        set => Set(ref _duplicateShare, value);
    }

    /// <summary>The share of events, from 0 to 1, that change places with an earlier one that nobody has read yet. Default: 0.</summary>
    public double ReorderShare
    {
        get => Get(ref _reorderShare);
        set => Set(ref _reorderShare, value);
    }

    /// <summary>The share of pages, from 0 to 1, whose <c>next</c> link leads to the same page once more. Default: 0.</summary>
    public double RepeatPageShare
    {
        get => Get(ref _repeatPageShare);
        set => Set(ref _repeatPageShare, value);
    }

    /// <summary>The most events of a page, whatever <c>limit</c> says. Default: no such bound.</summary>
    public int? MaxPageEvents
    {
        get => Get(ref _maxPageEvents);
        set => Set(ref _maxPageEvents, value);
    }

    /// <summary>Starts the generator that chooses duplicates and reordered events anew: the same seed chooses the same.</summary>
    /// <param name="seed">The seed. The generator starts with 0.</param>
    public void Seed(int seed) => Set(ref _random, new Random(seed));

    /// <summary>Ends all faults of the journal. Positions that only this fault expired are readable again.</summary>
    public void Clear()
    {
        lock (_gate)
        {
            _readyAfter = TimeSpan.Zero;
            _statusUntilReady = 404;
            _loseEventsUntilReady = false;
            _expireBefore = null;
            _duplicateShare = 0;
            _reorderShare = 0;
            _repeatPageShare = 0;
            _maxPageEvents = null;
        }
    }

    internal bool DrawDuplicate() => Draw(ref _duplicateShare);

    internal bool DrawRepeat() => Draw(ref _repeatPageShare);

    internal bool DrawReorder() => Draw(ref _reorderShare);

    /// <summary>A number from 0 to below <paramref name="count"/>, by the seeded generator.</summary>
    internal int Choose(int count)
    {
        lock (_gate)
        {
            return _random.Next(count);
        }
    }

    internal IEnumerable<string> Describe()
    {
        lock (_gate)
        {
            return new[]
            {
                _readyAfter > TimeSpan.Zero ? $"Journal: exists {_readyAfter.TotalSeconds:0.###} s after /register, {_statusUntilReady} until then" : null,
                _expireBefore is { } position ? $"Journal: positions before {position} have expired" : null,
                _duplicateShare > 0 ? $"Journal: {_duplicateShare:0.##%} of events twice" : null,
                _reorderShare > 0 ? $"Journal: {_reorderShare:0.##%} of events out of order" : null,
                _repeatPageShare > 0 ? $"Journal: {_repeatPageShare:0.##%} of pages again" : null,
                _maxPageEvents is { } most ? $"Journal: at most {most} events a page" : null,
            }.OfType<string>().ToArray();
        }
    }

    private bool Draw(ref double share)
    {
        lock (_gate)
        {
            return share > 0 && _random.NextDouble() < share;
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
