namespace AssetCompute.Emulator;

/// <summary>
/// A share of something, chosen by a generator of its own: what one kind of fault draws, and when, must not change what another
/// chooses. Safe for use by many threads.
/// </summary>
internal sealed class SeededShare
{
    private readonly Lock _gate = new();
    private readonly int _kind;
    private double _value;
    private Random _random;

    public SeededShare(int kind)
    {
        _kind = kind;
        _random = NewRandom(0);
    }

    /// <summary>From 0 to 1.</summary>
    public double Value
    {
        get
        {
            lock (_gate)
            {
                return _value;
            }
        }

        set
        {
            if (!(value is >= 0 and <= 1))
            {
                throw new ArgumentOutOfRangeException(nameof(value), value, "A share is within 0 and 1.");
            }

            lock (_gate)
            {
                _value = value;
            }
        }
    }

    public void Seed(int seed)
    {
        lock (_gate)
        {
            _random = NewRandom(seed);
        }
    }

    public bool Draw() => Draw(out _);

    /// <summary>Whether the next one belongs to the share.</summary>
    /// <param name="place">A number from 0 to below 1, for what else is to be chosen.</param>
    public bool Draw(out double place)
    {
        lock (_gate)
        {
            place = 0;
            if (_value == 0)
            {
                return false;
            }

            var isHit = _random.NextDouble() < _value;
            place = _random.NextDouble();
            return isHit;
        }
    }

    private Random NewRandom(int seed) => new(unchecked((seed * 397) + _kind));
}
