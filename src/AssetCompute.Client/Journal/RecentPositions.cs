namespace AssetCompute.Client.Journal;

/// <summary>
/// The positions that were delivered lately, so that a page that comes twice is delivered once. Keeps 64-bit hashes with a seed of its own:
/// among 16,384 of them, two different positions meet less often than once in 10^15 events.
/// </summary>
internal sealed class RecentPositions
{
    private const int Capacity = 16_384;
    private readonly HashSet<ulong> _set = [];
    private readonly Queue<ulong> _order = new();
    private readonly ulong _seed = BitConverter.ToUInt64(Guid.NewGuid().ToByteArray(), 8);

    /// <summary>Notes a position.</summary>
    /// <returns>False where it was delivered lately.</returns>
    public bool Add(ReadOnlySpan<byte> position)
    {
        ulong hash = Hash(position);
        if (!_set.Add(hash))
        {
            return false;
        }

        _order.Enqueue(hash);
        if (_order.Count > Capacity)
        {
            _set.Remove(_order.Dequeue());
        }

        return true;
    }

    private ulong Hash(ReadOnlySpan<byte> bytes)
    {
        ulong hash = _seed ^ ((ulong)bytes.Length * 0x9E3779B97F4A7C15);
        while (bytes.Length >= sizeof(ulong))
        {
            hash = Mix(hash ^ System.Buffers.Binary.BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            bytes = bytes.Slice(sizeof(ulong));
        }

        foreach (byte value in bytes)
        {
            hash = Mix(hash ^ value);
        }

        return hash;
    }

    private static ulong Mix(ulong value)
    {
        value ^= value >> 32;
        value *= 0xD6E8FEB86659FD93;
        value ^= value >> 32;
        value *= 0xD6E8FEB86659FD93;
        return value ^ (value >> 32);
    }
}
