namespace AssetCompute.Emulator;

/// <summary>Faults of the event journals, apart from their HTTP responses. All faults are off by default. Thread-safe.</summary>
public sealed class EmulatorJournalFaults
{
    private readonly SeededShare _duplicates = new(1);
    private readonly SeededShare _reorders = new(2);
    private readonly SeededShare _repeats = new(3);
    private volatile int _maxPageEvents;

    internal EmulatorJournalFaults()
    {
    }

    /// <summary>How long a journal is unavailable after its first <c>/register</c> call. Adobe's journal needs up to 45 seconds. Default: zero.</summary>
    public TimeSpan ReadyAfter { get; set; }

    /// <summary>The status that a journal returns until it is ready. Default: 404.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not between 200 and 599.</exception>
    public int StatusUntilReady
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 200);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, 599);
            field = value;
        }
    } = 404;

    /// <summary>Whether events sent before the journal is ready are lost, as Adobe warns. Default: they are kept.</summary>
    public bool LoseEventsUntilReady { get; set; }

    /// <summary>The position of the first entry that has not expired. Reading <c>since</c> an earlier position returns 410. Default: nothing has expired.</summary>
    public string? ExpireBefore { get; set; }

    /// <summary>The share of events, from 0 to 1, that are delivered twice. The second copy is at a later position. Default: 0.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not between 0 and 1.</exception>
    public double DuplicateShare
    {
        get => _duplicates.Value;
        set => _duplicates.Value = value;
    }

    /// <summary>The share of events, from 0 to 1, that change places with an earlier event that has not been read yet. Default: 0.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not between 0 and 1.</exception>
    public double ReorderShare
    {
        get => _reorders.Value;
        set => _reorders.Value = value;
    }

    /// <summary>The share of pages, from 0 to 1, whose <c>next</c> link points to the same page again. Default: 0.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not between 0 and 1.</exception>
    public double RepeatPageShare
    {
        get => _repeats.Value;
        set => _repeats.Value = value;
    }

    /// <summary>The maximum number of events per page, even if <c>limit</c> is larger. Default: no limit.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public int? MaxPageEvents
    {
        get => _maxPageEvents is var max and > 0 ? max : null;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value ?? 1, 1);
            _maxPageEvents = value ?? 0;
        }
    }

    /// <summary>
    /// Restarts the random generators for duplicates, reordered events and repeated pages. The same seed chooses the same events, no matter who reads in
    /// between. Which earlier event a reordered event changes places with also depends on what has been read.
    /// </summary>
    /// <param name="seed">The seed of the generators. The initial seed is 0.</param>
    public void Seed(int seed)
    {
        _duplicates.Seed(seed);
        _reorders.Seed(seed);
        _repeats.Seed(seed);
    }

    /// <summary>Ends all faults of the journal. Positions that were expired only by <see cref="ExpireBefore"/> are readable again.</summary>
    public void Clear()
    {
        ReadyAfter = TimeSpan.Zero;
        StatusUntilReady = 404;
        LoseEventsUntilReady = false;
        ExpireBefore = null;
        MaxPageEvents = null;
        DuplicateShare = 0;
        ReorderShare = 0;
        RepeatPageShare = 0;
    }

    internal bool DrawDuplicate() => _duplicates.Draw();

    internal bool DrawRepeat() => _repeats.Draw();

    /// <param name="place">A number from 0 up to, but not including, 1 that selects the other event.</param>
    internal bool DrawReorder(out double place) => _reorders.Draw(out place);

    internal IEnumerable<string> Describe() => new[]
    {
        ReadyAfter > TimeSpan.Zero ? $"Journal: exists {ReadyAfter.TotalSeconds:0.###} s after /register, {StatusUntilReady} until then" : null,
        ExpireBefore is { } position ? $"Journal: positions before {position} have expired" : null,
        DuplicateShare is > 0 and var duplicates ? $"Journal: {duplicates:0.##%} of events twice" : null,
        ReorderShare is > 0 and var reorders ? $"Journal: {reorders:0.##%} of events out of order" : null,
        RepeatPageShare is > 0 and var repeats ? $"Journal: {repeats:0.##%} of pages again" : null,
        MaxPageEvents is { } most ? $"Journal: at most {most} events a page" : null,
    }.OfType<string>();
}
