using System.Buffers.Binary;
using System.Security.Cryptography;

namespace AssetCompute.Emulator;

/// <summary>Positions in Adobe's format <c>animal:uuid:uuid</c>. The last part is the encrypted number of the event, so that it needs no index and stays opaque.</summary>
internal sealed class JournalPositions(Guid journal, byte[] key)
{
    private static readonly string[] Animals = ["badger", "camel", "cat", "dolphin", "falcon", "heron", "lynx", "otter", "penguin", "rabbit", "stork", "tern"];

    private readonly string _prefix = $"{Animals[journal.ToByteArray()[0] % Animals.Length]}:{journal:D}:";

    public string Format(long sequence)
    {
        var block = new byte[16];
        BinaryPrimitives.WriteInt64BigEndian(block, sequence);
        using var aes = NewAes();
        return _prefix + new Guid(aes.EncryptEcb(block, PaddingMode.None), bigEndian: true).ToString("D");
    }

    /// <summary>Returns the event number of a position of this journal, or null for any other text.</summary>
    public long? Parse(string position)
    {
        if (!position.StartsWith(_prefix, StringComparison.Ordinal) || !Guid.TryParseExact(position[_prefix.Length..], "D", out var guid))
        {
            return null;
        }

        // The second half is zero in every number that was encrypted, and random in other text.
        using var aes = NewAes();
        var block = aes.DecryptEcb(guid.ToByteArray(bigEndian: true), PaddingMode.None);
        return block.AsSpan(8).ContainsAnyExcept((byte)0) ? null : BinaryPrimitives.ReadInt64BigEndian(block);
    }

    /// <summary>Whether a text has the format of a position of any journal.</summary>
    public static bool HasShape(string position)
    {
        var parts = position.Split(':');
        return parts.Length == 3 && parts[0].Length > 0 && parts[0].All(char.IsAsciiLetterLower)
            && Guid.TryParseExact(parts[1], "D", out _) && Guid.TryParseExact(parts[2], "D", out _);
    }

    private Aes NewAes()
    {
        var aes = Aes.Create();
        aes.Key = key;
        return aes;
    }
}
