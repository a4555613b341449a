using System.Formats.Asn1;
using System.Security.Cryptography;

namespace AssetCompute.Client.Authentication;

/// <summary>RSA public keys as PEM text (SubjectPublicKeyInfo).</summary>
internal static class RsaPublicKey
{
    private const string Label = "PUBLIC KEY";
    private const int MinKeySize = 2048;
    private const int MaxKeySize = 8192;

    /// <exception cref="FormatException">It is not an RSA public key, or its size is not accepted.</exception>
    public static RSAParameters Parse(string pem)
    {
        PemBlock block = PemBlock.FindKey(pem) ?? throw new FormatException("It is not PEM.");
        if (block.Label != Label)
        {
            throw new FormatException($"It is not a '{Label}'.");
        }

        RSAParameters key;
        int size;
        try
        {
            using RSA rsa = RSA.Create();
#if NETSTANDARD2_0
            rsa.ImportParameters(RsaDer.ReadPublic(block.Decode()));
#else
            rsa.ImportSubjectPublicKeyInfo(block.Decode(), out _);
#endif
            key = rsa.ExportParameters(includePrivateParameters: false);
            size = rsa.KeySize;
        }
        catch (Exception exception) when (exception is CryptographicException or ArgumentException or AsnContentException)
        {
            throw new FormatException("It is damaged, or not an RSA key.", exception);
        }

        return size is >= MinKeySize and <= MaxKeySize
            ? key
            : throw new FormatException($"It has {size} bits, not {MinKeySize} to {MaxKeySize}.");
    }

    public static string Write(RSAParameters key)
    {
#if NETSTANDARD2_0
        return $"-----BEGIN {Label}-----\n{Convert.ToBase64String(RsaDer.WritePublic(key), Base64FormattingOptions.InsertLineBreaks).Replace("\r", "")}\n-----END {Label}-----\n";
#else
        using RSA rsa = RSA.Create(key);
        return rsa.ExportSubjectPublicKeyInfoPem() + "\n";
#endif
    }
}
