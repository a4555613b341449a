using System.Security.Cryptography;

namespace AssetCompute.Client.Authentication;

/// <summary>
/// Reads an RSA private key out of its DER form, PKCS#1 or PKCS#8, and reads and writes a public one, for .NET Standard 2.0, which cannot. Compiled
/// for every target so that the tests, which run on one, hold it.
/// </summary>
internal static class DerRsaKey
{
    private const byte Integer = 0x02;
    private const byte BitString = 0x03;
    private const byte OctetString = 0x04;
    private const byte Sequence = 0x30;

    /// <summary>The object identifier of rsaEncryption, 1.2.840.113549.1.1.1, as it stands in an AlgorithmIdentifier.</summary>
    private static readonly byte[] RsaEncryption = [0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x01];

    /// <exception cref="FormatException">It is no RSA private key.</exception>
    public static RSAParameters Read(byte[] der, bool isPkcs8)
    {
        var reader = new Reader(der, 0, der.Length);
        return isPkcs8 ? ReadPkcs8(ref reader) : ReadPkcs1(ref reader);
    }

    /// <summary>The public key of a SubjectPublicKeyInfo.</summary>
    /// <exception cref="FormatException">It is no RSA public key.</exception>
    public static RSAParameters ReadPublic(byte[] der)
    {
        var reader = new Reader(der, 0, der.Length);
        Reader info = reader.Enter(Sequence);
        Reader algorithm = info.Enter(Sequence);
        algorithm.Require(RsaEncryption);
        Reader bits = info.Enter(BitString);
        bits.SkipUnusedBits();
        Reader key = bits.Enter(Sequence);
        return new RSAParameters { Modulus = key.UnsignedInteger(), Exponent = key.UnsignedInteger() };
    }

    /// <summary>The SubjectPublicKeyInfo of a public key.</summary>
    public static byte[] WritePublic(RSAParameters key)
    {
        byte[] algorithm = Write(Sequence, [.. RsaEncryption, 0x05, 0x00]);
        byte[] numbers = Write(Sequence, [.. WriteNumber(key.Modulus!), .. WriteNumber(key.Exponent!)]);
        return Write(Sequence, [.. algorithm, .. Write(BitString, [0, .. numbers])]);
    }

    /// <summary>A first bit that is set would make the number negative.</summary>
    private static byte[] WriteNumber(byte[] number) => Write(Integer, number[0] >= 0x80 ? [0, .. number] : number);

    private static byte[] Write(byte tag, byte[] content) => content.Length switch
    {
        < 0x80 => [tag, (byte)content.Length, .. content],
        <= 0xFF => [tag, 0x81, (byte)content.Length, .. content],
        _ => [tag, 0x82, (byte)(content.Length >> 8), (byte)content.Length, .. content],
    };

    private static RSAParameters ReadPkcs8(ref Reader reader)
    {
        Reader info = reader.Enter(Sequence);
        info.SkipVersion();
        Reader algorithm = info.Enter(Sequence);
        algorithm.Require(RsaEncryption);
        Reader key = info.Enter(OctetString);
        return ReadPkcs1(ref key);
    }

    private static RSAParameters ReadPkcs1(ref Reader reader)
    {
        Reader key = reader.Enter(Sequence);
        key.SkipVersion();
        byte[] modulus = key.UnsignedInteger();
        int half = (modulus.Length + 1) / 2;
        return new RSAParameters
        {
            Modulus = modulus,
            Exponent = key.UnsignedInteger(),
            D = Padded(key.UnsignedInteger(), modulus.Length),
            P = Padded(key.UnsignedInteger(), half),
            Q = Padded(key.UnsignedInteger(), half),
            DP = Padded(key.UnsignedInteger(), half),
            DQ = Padded(key.UnsignedInteger(), half),
            InverseQ = Padded(key.UnsignedInteger(), half),
        };
    }

    /// <summary>The platform wants each number at its full length; DER leaves leading zeros out.</summary>
    private static byte[] Padded(byte[] number, int length)
    {
        if (number.Length > length)
        {
            throw new FormatException("A number is longer than the modulus allows.");
        }

        var padded = new byte[length];
        number.CopyTo(padded, length - number.Length);
        return padded;
    }

    private struct Reader(byte[] data, int at, int end)
    {
        private int _at = at;

        public Reader Enter(byte tag)
        {
            int length = Head(tag);
            var inner = new Reader(data, _at, _at + length);
            _at += length;
            return inner;
        }

        public byte[] UnsignedInteger()
        {
            int length = Head(Integer);
            int from = _at;
            _at += length;
            while (from < _at - 1 && data[from] == 0)
            {
                from++;
            }

            return length == 0 ? throw new FormatException("An empty number.") : [.. data.AsSpan(from, _at - from)];
        }

        /// <summary>Version 0: two primes, which is all that RSA keys in use have.</summary>
        public void SkipVersion()
        {
            byte[] version = UnsignedInteger();
            if (version is not [0])
            {
                throw new FormatException("A version that is not known.");
            }
        }

        /// <summary>A key is whole bytes.</summary>
        public void SkipUnusedBits()
        {
            if (Next() != 0)
            {
                throw new FormatException("Not whole bytes.");
            }
        }

        public readonly void Require(byte[] expected)
        {
            if (end - _at < expected.Length || !data.AsSpan(_at, expected.Length).SequenceEqual(expected))
            {
                throw new FormatException("Not an RSA key.");
            }
        }

        private int Head(byte tag)
        {
            if (Next() != tag)
            {
                throw new FormatException("Another type was expected.");
            }

            int length = Next();
            if (length >= 0x80)
            {
                int bytes = length & 0x7F;
                if (bytes is 0 or > 3)
                {
                    throw new FormatException("A length that no key has.");
                }

                length = 0;
                for (int index = 0; index < bytes; index++)
                {
                    length = (length << 8) | Next();
                }
            }

            return length <= end - _at ? length : throw new FormatException("The data ends too early.");
        }

        private byte Next() => _at < end ? data[_at++] : throw new FormatException("The data ends too early.");
    }
}
