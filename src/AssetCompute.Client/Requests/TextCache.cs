using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace AssetCompute.Client;

/// <summary>
/// Short texts that come again and again, such as names and formats of renditions, so that not every event has strings of its own. Bounded: a text takes
/// the place of another. Safe to use from many threads: at worst a string is made twice.
/// </summary>
internal sealed class TextCache(int places)
{
    private const int MaxLength = 64;

    // A power of two of them.
    private readonly string?[] _texts = new string?[places];

    /// <summary>The text of the string that the reader stands at.</summary>
    /// <exception cref="InvalidOperationException">It is no Unicode.</exception>
    [MethodImpl(HotPath.Options)]
    public string Get(ref Utf8JsonReader reader)
    {
        ReadOnlySpan<byte> bytes = reader.ValueSpan;
        if (reader.HasValueSequence || reader.ValueIsEscaped || bytes.Length is 0 or > MaxLength)
        {
            return reader.GetString()!;
        }

        ref string? place = ref _texts[(int)(Hash(bytes) >> 32) & (_texts.Length - 1)];
        string? text = place;
        if (text is null || !AreEqual(bytes, text))
        {
            place = text = reader.GetString()!;
        }

        return text;
    }

    /// <summary>Looks at some of the bytes only: texts that it takes for one another merely share a place.</summary>
    private static ulong Hash(ReadOnlySpan<byte> bytes)
    {
        ulong hash = (ulong)bytes.Length;
        if (bytes.Length < sizeof(ulong))
        {
            foreach (byte value in bytes)
            {
                hash = (hash * 31) + value;
            }
        }
        else
        {
            hash ^= BinaryPrimitives.ReadUInt64LittleEndian(bytes);
            hash = (hash * 0x9E3779B97F4A7C15) ^ BinaryPrimitives.ReadUInt64LittleEndian(bytes.Slice((bytes.Length - sizeof(ulong)) / 2));
            hash = (hash * 0x9E3779B97F4A7C15) ^ BinaryPrimitives.ReadUInt64LittleEndian(bytes.Slice(bytes.Length - sizeof(ulong)));
        }

        return hash * 0x9E3779B97F4A7C15;
    }

    /// <summary>False for all that is not ASCII: bytes and characters say the same only there.</summary>
    private static bool AreEqual(ReadOnlySpan<byte> bytes, string text)
    {
#if NET
        return System.Text.Ascii.Equals(bytes, text);
#else
        if (bytes.Length != text.Length)
        {
            return false;
        }

        for (int i = 0; i < bytes.Length; i++)
        {
            if (bytes[i] != text[i] || bytes[i] > 0x7F)
            {
                return false;
            }
        }

        return true;
#endif
    }
}
