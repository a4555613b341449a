namespace AssetCompute.Emulator;

/// <summary>Faults of webhook deliveries: duplicate and reordered events. All faults are off by default. Thread-safe.</summary>
public sealed class EmulatorWebhookFaults
{
    private readonly SeededShare _duplicates = new(1);
    private readonly SeededShare _reorders = new(2);

    internal EmulatorWebhookFaults()
    {
    }

    /// <summary>The share of events, from 0 to 1, that are delivered twice, each time in a separate delivery. Default: 0.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not between 0 and 1.</exception>
    public double DuplicateShare
    {
        get => _duplicates.Value;
        set => _duplicates.Value = value;
    }

    /// <summary>The share of events, from 0 to 1, that are delivered after the next event, if that event is already waiting. Default: 0.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not between 0 and 1.</exception>
    public double ReorderShare
    {
        get => _reorders.Value;
        set => _reorders.Value = value;
    }

    /// <summary>Restarts the random generators for duplicates and reordered events. The same seed chooses the same events.</summary>
    /// <param name="seed">The seed of the generators. The initial seed is 0.</param>
    public void Seed(int seed)
    {
        _duplicates.Seed(seed);
        _reorders.Seed(seed);
    }

    /// <summary>Ends all faults of webhooks.</summary>
    public void Clear()
    {
        _duplicates.Value = 0;
        _reorders.Value = 0;
    }

    internal bool DrawDuplicate() => _duplicates.Draw();

    internal bool DrawReorder() => _reorders.Draw();

    internal IEnumerable<string> Describe() => new[]
    {
        _duplicates.Value is > 0 and var duplicates ? $"Webhooks: {duplicates:0.##%} of events twice" : null,
        _reorders.Value is > 0 and var reorders ? $"Webhooks: {reorders:0.##%} of events out of order" : null,
    }.OfType<string>();
}
