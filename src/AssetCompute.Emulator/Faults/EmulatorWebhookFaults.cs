namespace AssetCompute.Emulator;

/// <summary>What goes wrong with webhook deliveries: at-least-once, and in no order. All of it is off until set; safe for use by many threads.</summary>
public sealed class EmulatorWebhookFaults
{
    private readonly SeededShare _duplicates = new(1);
    private readonly SeededShare _reorders = new(2);

    internal EmulatorWebhookFaults()
    {
    }

    /// <summary>The share of events, from 0 to 1, that are delivered twice, each time in a delivery of its own. Default: 0.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not within 0 and 1.</exception>
    public double DuplicateShare
    {
        get => _duplicates.Value;
        set => _duplicates.Value = value;
    }

    /// <summary>The share of events, from 0 to 1, that go after the one that came next, where that one already waits. Default: 0.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not within 0 and 1.</exception>
    public double ReorderShare
    {
        get => _reorders.Value;
        set => _reorders.Value = value;
    }

    /// <summary>Starts the generators that choose anew, one for duplicates and one for reordered events: the same seed chooses the same.</summary>
    /// <param name="seed">The seed. The generators start with 0.</param>
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
