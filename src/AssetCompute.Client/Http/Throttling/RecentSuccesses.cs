namespace AssetCompute.Client.Http.Throttling;

/// <summary>Counts the successes of the last second, in slots of a tenth.</summary>
internal sealed class RecentSuccesses
{
    private const int Slots = 10;
    private const double SlotSeconds = 0.1;

    private readonly int[] _counts = new int[Slots];
    private long _slot;

    public void Add(double now)
    {
        Advance(now);
        _counts[_slot % Slots]++;
    }

    public int Count(double now)
    {
        Advance(now);
        int count = 0;
        foreach (int slot in _counts)
        {
            count += slot;
        }

        return count;
    }

    public void Clear() => Array.Clear(_counts, 0, Slots);

    private void Advance(double now)
    {
        long slot = (long)(now / SlotSeconds);
        if (slot <= _slot)
        {
            return;
        }

        if (slot - _slot >= Slots)
        {
            Clear();
        }
        else
        {
            for (long passed = _slot + 1; passed <= slot; passed++)
            {
                _counts[passed % Slots] = 0;
            }
        }

        _slot = slot;
    }
}
