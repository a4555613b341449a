namespace AssetCompute.Emulator;

/// <summary>Faults of the event journals, apart from their HTTP responses. All faults are off by default. Thread-safe.</summary>
public sealed class EmulatorJournalFaults : EmulatorEventFaults
{
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
        set => field = value is >= 200 and <= 599 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "A status is within 200 and 599.");
    } = 404;

    /// <summary>Whether events sent before the journal is ready are lost, as Adobe warns. Default: they are kept.</summary>
    public bool LoseEventsUntilReady { get; set; }

    /// <summary>The position of the first entry that has not expired. Reading <c>since</c> an earlier position returns 410. Default: nothing has expired.</summary>
    public string? ExpireBefore { get; set; }

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

    /// <inheritdoc/>
    public override void Seed(int seed)
    {
        base.Seed(seed);
        _repeats.Seed(seed);
    }

    /// <summary>Ends all faults of the journal. Positions that were expired only by <see cref="ExpireBefore"/> are readable again.</summary>
    public override void Clear()
    {
        base.Clear();
        ReadyAfter = TimeSpan.Zero;
        StatusUntilReady = 404;
        LoseEventsUntilReady = false;
        ExpireBefore = null;
        MaxPageEvents = null;
        RepeatPageShare = 0;
    }

    internal bool DrawRepeat() => _repeats.Draw(out _);

    internal override IEnumerable<string> Describe() => new[]
    {
        ReadyAfter > TimeSpan.Zero ? $"exists {ReadyAfter.TotalSeconds:0.###} s after /register, {StatusUntilReady} until then" : null,
        ExpireBefore is { } position ? $"positions before {position} have expired" : null,
        RepeatPageShare is > 0 and var repeats ? $"{repeats:0.##%} of pages again" : null,
        MaxPageEvents is { } most ? $"at most {most} events a page" : null,
    }.OfType<string>().Concat(base.Describe());
}
