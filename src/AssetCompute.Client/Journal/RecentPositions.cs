using System.Runtime.CompilerServices;

namespace AssetCompute.Client.Journal;

/// <summary>
/// The positions that were delivered lately, so that a page that comes twice is delivered once. Keeps 64-bit hashes with a seed of its own:
/// among some ten thousands of them, two different positions meet less often than once in 10^14 events.
/// </summary>
/// <remarks>
/// Two tables of the same size: new positions go into the younger one until it has its share, and then the older one is emptied and takes its
/// place. So at least the last 16,384 are known, without an order to keep or anything to take out.
/// </remarks>
internal sealed class RecentPositions
{
    private const int Capacity = 16_384;

    /// <summary>A power of two, and twice the capacity: half of the places stay free, so that a search ends soon.</summary>
    private const int Places = 2 * Capacity;

    private readonly ulong _seed = BitConverter.ToUInt64(Guid.NewGuid().ToByteArray(), 8);
    private ulong[] _young = new ulong[Places];
    private ulong[]? _old;
    private int _count;

    /// <summary>Notes a position.</summary>
    /// <returns>False where it was delivered lately.</returns>
    [MethodImpl(HotPath.Options)]
    public bool Add(ReadOnlySpan<byte> position)
    {
        // No hash at all is how a free place is told.
        ulong hash = Math.Max(1, Hash(position));
        if (_old is not null && _old[PlaceOf(_old, hash)] == hash)
        {
            return false;
        }

        int place = PlaceOf(_young, hash);
        if (_young[place] == hash)
        {
            return false;
        }

        _young[place] = hash;
        if (++_count == Capacity)
        {
            ulong[] emptied = _old ?? new ulong[Places];
            Array.Clear(emptied, 0, emptied.Length);
            _old = _young;
            _young = emptied;
            _count = 0;
        }

        return true;
    }

    /// <summary>Where the hash stands, or the free place where it belongs.</summary>
    private static int PlaceOf(ulong[] table, ulong hash)
    {
        int place = (int)hash & (Places - 1);
        while (table[place] != 0 && table[place] != hash)
        {
            place = (place + 1) & (Places - 1);
        }

        return place;
    }

    [MethodImpl(HotPath.Options)]
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
