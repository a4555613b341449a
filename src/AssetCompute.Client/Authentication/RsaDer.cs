using System.Formats.Asn1;
using System.Numerics;
using System.Security.Cryptography;

namespace AssetCompute.Client.Authentication;

/// <summary>
/// Reads RSA private keys from DER (RFC 8017, RFC 5208) for .NET Standard 2.0, which cannot. Compiled for all targets, so that the tests cover it.
/// </summary>
internal static class RsaDer
{
    private const string RsaEncryption = "1.2.840.113549.1.1.1";

    /// <exception cref="AsnContentException">It is not an RSA private key.</exception>
    public static RSAParameters ReadPrivate(byte[] der, bool isPkcs8)
    {
        AsnReader reader = new AsnReader(der, AsnEncodingRules.BER).ReadSequence();
        RequireVersion0(reader);
        if (isPkcs8)
        {
            RequireRsa(reader.ReadSequence());
            reader = new AsnReader(reader.ReadOctetString(), AsnEncodingRules.BER).ReadSequence();
            RequireVersion0(reader);
        }

        byte[] modulus = ReadUnsigned(reader, length: 0);
        int half = (modulus.Length + 1) / 2;
        return new RSAParameters
        {
            Modulus = modulus,
            Exponent = ReadUnsigned(reader, length: 0),
            D = ReadUnsigned(reader, modulus.Length),
            P = ReadUnsigned(reader, half),
            Q = ReadUnsigned(reader, half),
            DP = ReadUnsigned(reader, half),
            DQ = ReadUnsigned(reader, half),
            InverseQ = ReadUnsigned(reader, half),
        };
    }

    private static void RequireRsa(AsnReader algorithm)
    {
        if (algorithm.ReadObjectIdentifier() != RsaEncryption)
        {
            throw new AsnContentException("It is not an RSA key.");
        }
    }

    /// <summary>Version 0 means two primes, as all RSA keys in use have.</summary>
    private static void RequireVersion0(AsnReader reader)
    {
        if (reader.ReadInteger() != BigInteger.Zero)
        {
            throw new AsnContentException("Its version is unknown.");
        }
    }

    /// <summary>Reads a number. The platform wants each at its full length, and DER leaves out leading zeros.</summary>
    private static byte[] ReadUnsigned(AsnReader reader, int length)
    {
        ReadOnlySpan<byte> number = reader.ReadIntegerBytes().Span;
        while (number.Length > 1 && number[0] == 0)
        {
            number = number.Slice(1);
        }

        if (length == 0)
        {
            return number.ToArray();
        }

        if (number.Length > length)
        {
            throw new AsnContentException("A number is longer than the modulus allows.");
        }

        byte[] padded = new byte[length];
        number.CopyTo(padded.AsSpan(length - number.Length));
        return padded;
    }
}
