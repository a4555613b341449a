using System.Buffers.Binary;
using System.Security.Cryptography;

namespace AssetCompute.Emulator;

/// <summary>
/// The positions of a journal, in Adobe's format <c>animal:uuid:uuid</c>. A position contains the authenticated number of its event, so that it needs no
/// index and is recognized long after the event was removed. Readers must treat positions as opaque.
/// </summary>
internal sealed class JournalPositions(Guid journal, byte[] key)
{
    private const int HalfLength = 8;

    private static readonly string[] Animals = ["badger", "camel", "cat", "dolphin", "falcon", "heron", "lynx", "otter", "penguin", "rabbit", "stork", "tern"];

    private readonly string _prefix = $"{Animals[journal.ToByteArray()[0] % Animals.Length]}:{journal:D}:";

    public string Format(long sequence)
    {
        Span<byte> bytes = stackalloc byte[16];
        Span<byte> number = stackalloc byte[HalfLength];
        BinaryPrimitives.WriteInt64BigEndian(number, sequence);
        Hash(number, bytes[..HalfLength]);
        Mask(bytes[..HalfLength], number, bytes[HalfLength..]);
        return _prefix + new Guid(bytes, bigEndian: true).ToString("D");
    }

    /// <summary>Returns the event number of a position of this journal, or null for any other text.</summary>
    public long? Parse(string position)
    {
        if (!position.StartsWith(_prefix, StringComparison.Ordinal) || !Guid.TryParseExact(position[_prefix.Length..], "D", out var guid))
        {
            return null;
        }

        Span<byte> bytes = stackalloc byte[16];
        guid.TryWriteBytes(bytes, bigEndian: true, out _);
        Span<byte> number = stackalloc byte[HalfLength];
        Mask(bytes[..HalfLength], bytes[HalfLength..], number);
        Span<byte> tag = stackalloc byte[HalfLength];
        Hash(number, tag);
        return CryptographicOperations.FixedTimeEquals(tag, bytes[..HalfLength]) ? BinaryPrimitives.ReadInt64BigEndian(number) : null;
    }

    /// <summary>Whether a text has the format of a position of any journal.</summary>
    public static bool HasShape(string position)
    {
        var parts = position.Split(':');
        return parts.Length == 3 && parts[0].Length > 0 && parts[0].All(char.IsAsciiLetterLower)
            && Guid.TryParseExact(parts[1], "D", out _) && Guid.TryParseExact(parts[2], "D", out _);
    }

    /// <summary>Masks the number with its authentication tag, so that clients don't calculate with positions.</summary>
    private void Mask(ReadOnlySpan<byte> tag, ReadOnlySpan<byte> from, Span<byte> to)
    {
        Span<byte> mask = stackalloc byte[HalfLength];
        Hash(tag, mask);
        for (var i = 0; i < HalfLength; i++)
        {
            to[i] = (byte)(from[i] ^ mask[i]);
        }
    }

    private void Hash(ReadOnlySpan<byte> bytes, Span<byte> half)
    {
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(key, bytes, hash);
        hash[..HalfLength].CopyTo(half);
    }
}
