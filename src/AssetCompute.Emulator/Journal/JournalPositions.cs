using System.Buffers.Binary;
using System.Security.Cryptography;

namespace AssetCompute.Emulator;

/// <summary>
/// The positions of one journal, in Adobe's shape <c>animal:uuid:uuid</c>. A position holds its event's number, authenticated, so
/// that it is found without an index and is recognised long after its event is gone. Readers must treat it as opaque.
/// </summary>
internal sealed class JournalPositions(Guid journal, byte[] key)
{
    private const int TagLength = 8;

    private static readonly string[] Animals = ["badger", "camel", "cat", "dolphin", "falcon", "heron", "lynx", "otter", "penguin", "rabbit", "stork", "tern"];

    private readonly string _prefix = $"{Animals[journal.ToByteArray()[0] % Animals.Length]}:{journal:D}:";

    public string Format(long sequence)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteInt64BigEndian(bytes[TagLength..], sequence);
        Tag(sequence, bytes[..TagLength]);
        return _prefix + new Guid(bytes, bigEndian: true).ToString("D");
    }

    /// <summary>The number behind a position of this journal, or nothing for any other text.</summary>
    public long? Parse(string position)
    {
        if (!position.StartsWith(_prefix, StringComparison.Ordinal) || !Guid.TryParseExact(position[_prefix.Length..], "D", out var guid))
        {
            return null;
        }

        Span<byte> bytes = stackalloc byte[16];
        guid.TryWriteBytes(bytes, bigEndian: true, out _);
        var sequence = BinaryPrimitives.ReadInt64BigEndian(bytes[TagLength..]);
        Span<byte> tag = stackalloc byte[TagLength];
        Tag(sequence, tag);
        return CryptographicOperations.FixedTimeEquals(tag, bytes[..TagLength]) ? sequence : null;
    }

    /// <summary>Whether a text has the shape of a position, of whatever journal.</summary>
    public static bool HasShape(string position)
    {
        var parts = position.Split(':');
        return parts.Length == 3 && parts[0].Length > 0 && parts[0].All(char.IsAsciiLetterLower)
            && Guid.TryParseExact(parts[1], "D", out _) && Guid.TryParseExact(parts[2], "D", out _);
    }

    private void Tag(long sequence, Span<byte> tag)
    {
        Span<byte> number = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(number, sequence);
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(key, number, hash);
        hash[..TagLength].CopyTo(tag);
    }
}
