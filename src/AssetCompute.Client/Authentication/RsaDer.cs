using System.Formats.Asn1;
using System.Numerics;
using System.Security.Cryptography;

namespace AssetCompute.Client.Authentication;

/// <summary>
/// Reads RSA private keys from DER (RFC 8017, RFC 5208) for .NET Standard 2.0, which has no support for it. Compiled for all targets, so that the tests cover
/// it.
/// </summary>
internal static class RsaDer
{
    private const string RsaEncryption = "1.2.840.113549.1.1.1";

    /// <exception cref="AsnContentException">The data is not an RSA private key.</exception>
    public static RSAParameters ReadPrivate(byte[] der, bool isPkcs8)
    {
        AsnReader reader = OpenVersion0(der);
        if (isPkcs8)
        {
            if (reader.ReadSequence().ReadObjectIdentifier() != RsaEncryption)
            {
                throw new AsnContentException("It is not an RSA key.");
            }

            reader = OpenVersion0(reader.ReadOctetString());
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

    /// <summary>Checks for version 0, which means two primes, as in all RSA keys in use.</summary>
    private static AsnReader OpenVersion0(byte[] der)
    {
        AsnReader reader = new AsnReader(der, AsnEncodingRules.BER).ReadSequence();
        return reader.ReadInteger() == BigInteger.Zero ? reader : throw new AsnContentException("Its version is unknown.");
    }

    /// <summary>Reads a number. The platform requires its full length, and DER omits leading zeros.</summary>
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
