namespace AssetCompute.Emulator;

/// <summary>Faults of events on their way to a journal or a webhook: duplicates and changes of order. All faults are off by default. Thread-safe.</summary>
public class EmulatorEventFaults
{
    private readonly SeededShare _duplicates = new(1);
    private readonly SeededShare _reorders = new(2);

    internal EmulatorEventFaults()
    {
    }

    /// <summary>The share of events, from 0 to 1, that are delivered twice: at a later position of the journal, or in another delivery. Default: 0.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not between 0 and 1.</exception>
    public double DuplicateShare
    {
        get => _duplicates.Value;
        set => _duplicates.Value = value;
    }

    /// <summary>
    /// The share of events, from 0 to 1, that are out of order. In a journal, they change places with an earlier event that has not been read yet. A webhook
    /// receives them after the next event, if that event is already waiting. Default: 0.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not between 0 and 1.</exception>
    public double ReorderShare
    {
        get => _reorders.Value;
        set => _reorders.Value = value;
    }

    /// <summary>
    /// Restarts the random generators. The same seed chooses the same events and pages, no matter who reads in between. Which earlier event a reordered event
    /// changes places with also depends on what has been read.
    /// </summary>
    /// <param name="seed">The seed of the generators. The initial seed is 0.</param>
    public virtual void Seed(int seed)
    {
        _duplicates.Seed(seed);
        _reorders.Seed(seed);
    }

    /// <summary>Ends all of these faults.</summary>
    public virtual void Clear()
    {
        DuplicateShare = 0;
        ReorderShare = 0;
    }

    internal bool DrawDuplicate() => _duplicates.Draw(out _);

    /// <param name="place">A number from 0 up to, but not including, 1 that selects the other event.</param>
    internal bool DrawReorder(out double place) => _reorders.Draw(out place);

    internal virtual IEnumerable<string> Describe() => new[]
    {
        DuplicateShare is > 0 and var duplicates ? $"{duplicates:0.##%} of events twice" : null,
        ReorderShare is > 0 and var reorders ? $"{reorders:0.##%} of events out of order" : null,
    }.OfType<string>();
}
