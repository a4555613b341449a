namespace AssetCompute.Emulator;

/// <summary>A share of events or pages, chosen by its own random generator, so that one fault doesn't change what another one chooses. Thread-safe.</summary>
internal sealed class SeededShare(int kind)
{
    private readonly Lock _gate = new();
    private Random _random = NewRandom(0, kind);

    /// <summary>The share, from 0 to 1.</summary>
    public double Value
    {
        get => Volatile.Read(ref field);
        set => Volatile.Write(ref field, value is >= 0 and <= 1 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "A share is within 0 and 1."));
    }

    public void Seed(int seed)
    {
        lock (_gate)
        {
            _random = NewRandom(seed, kind);
        }
    }

    /// <summary>Whether the next item belongs to the share.</summary>
    /// <param name="place">A number from 0 up to, but not including, 1 for a further choice.</param>
    public bool Draw(out double place)
    {
        lock (_gate)
        {
            place = 0;
            if (Value is not (> 0 and var share))
            {
                return false;
            }

            var isHit = _random.NextDouble() < share;
            place = _random.NextDouble();
            return isHit;
        }
    }

    private static Random NewRandom(int seed, int kind) => new(unchecked((seed * 397) + kind));
}
