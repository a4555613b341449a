namespace AssetCompute.Emulator;

/// <summary>What goes wrong with webhook deliveries: at-least-once, and in no order. All of it is off until set; safe for use by many threads.</summary>
public sealed class EmulatorWebhookFaults
{
    private readonly Lock _gate = new();
    private double _duplicateShare;
    private double _reorderShare;
    private Random _random = new(0);

    internal EmulatorWebhookFaults()
    {
    }

    /// <summary>The share of events, from 0 to 1, that are delivered twice, each time in a delivery of its own. Default: 0.</summary>
    public double DuplicateShare
    {
        get
        {
            lock (_gate)
            {
                return _duplicateShare;
            }
        }

        set
        {
            lock (_gate)
            {
                _duplicateShare = value;
            }
        }
    }

    /// <summary>The share of events, from 0 to 1, that go after the one that came next. Default: 0.</summary>
    public double ReorderShare
    {
        get
        {
            lock (_gate)
            {
                return _reorderShare;
            }
        }

        set
        {
            lock (_gate)
            {
                _reorderShare = value;
            }
        }
    }

    /// <summary>Starts the generator that chooses anew: the same seed chooses the same.</summary>
    /// <param name="seed">The seed. The generator starts with 0.</param>
    public void Seed(int seed)
    {
        lock (_gate)
        {
            _random = new Random(seed);
        }
    }

    /// <summary>Ends all faults of webhooks.</summary>
    public void Clear()
    {
        lock (_gate)
        {
            _duplicateShare = 0;
            _reorderShare = 0;
        }
    }

    internal bool DrawDuplicate()
    {
        lock (_gate)
        {
            return _duplicateShare > 0 && _random.NextDouble() < _duplicateShare;
        }
    }

    internal bool DrawReorder()
    {
        lock (_gate)
        {
            return _reorderShare > 0 && _random.NextDouble() < _reorderShare;
        }
    }

    internal IEnumerable<string> Describe()
    {
        lock (_gate)
        {
            return new[]
            {
                _duplicateShare > 0 ? $"Webhooks: {_duplicateShare:0.##%} of events twice" : null,
                _reorderShare > 0 ? $"Webhooks: {_reorderShare:0.##%} of events out of order" : null,
            }.OfType<string>().ToArray();
        }
    }
}
