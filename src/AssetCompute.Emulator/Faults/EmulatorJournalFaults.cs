namespace AssetCompute.Emulator;

/// <summary>What goes wrong with the event journals beyond their HTTP answers. All of it is off until set; safe for use by many threads.</summary>
public sealed class EmulatorJournalFaults
{
    private readonly Lock _gate = new();
    private readonly SeededShare _duplicates = new(1);
    private readonly SeededShare _reorders = new(2);
    private readonly SeededShare _repeats = new(3);

    internal EmulatorJournalFaults()
    {
    }

    /// <summary>
    /// How long after its first <c>/register</c> a journal does not exist yet. Adobe's needs up to 45 seconds. Default: zero.
    /// </summary>
    public TimeSpan ReadyAfter
    {
        get => Get(ref field);
        set => Set(ref field, value);
    }

    /// <summary>What a journal that is not ready yet answers. Default: 404.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not within 200 and 599.</exception>
    public int StatusUntilReady
    {
        get => Get(ref field);
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 200);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, 599);
            Set(ref field, value);
        }
    } = 404;

    /// <summary>Whether events that come before the journal is ready are lost, as Adobe warns. Default: they are kept.</summary>
    public bool LoseEventsUntilReady
    {
        get => Get(ref field);
        set => Set(ref field, value);
    }

    /// <summary>
    /// The first position that has not expired: reading <c>since</c> an earlier one answers 410. It is the position of an entry.
    /// Default: nothing has expired.
    /// </summary>
    public string? ExpireBefore
    {
        get => Get(ref field);
        set => Set(ref field, value);
    }

    /// <summary>The share of events, from 0 to 1, that are delivered twice: the second time at a later position. Default: 0.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not within 0 and 1.</exception>
    public double DuplicateShare
    {
        get => _duplicates.Value;
        set => _duplicates.Value = value;
    }

    /// <summary>The share of events, from 0 to 1, that swap places with an earlier event that has not been read yet. Default: 0.</summary>
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

    /// <summary>The maximum number of events in a page, even if <c>limit</c> is larger. Default: no limit.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public int? MaxPageEvents
    {
        get => Get(ref field);
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value ?? 1, 1);
            Set(ref field, value);
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

    /// <param name="place">A number from 0 to below 1 that chooses with which one.</param>
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
