using System.Security.Cryptography;

namespace AssetCompute.Client.Authentication;

/// <summary>RSA public keys as PEM text (SubjectPublicKeyInfo), read and written alike on every framework.</summary>
internal static class RsaPublicKey
{
    private const string Label = "PUBLIC KEY";
    private const int SmallestKey = 2048;
    private const int LargestKey = 8192;

    /// <exception cref="FormatException">It is no RSA public key, or of a size that is not accepted.</exception>
    public static RSAParameters Parse(string pem)
    {
        PemBlock block = PemBlock.FindKey(pem) ?? throw new FormatException("It is no PEM.");
        if (block.Label != Label)
        {
            throw new FormatException($"It is no '{Label}'.");
        }

        RSAParameters key;
        try
        {
            key = Import(block);
        }
        catch (Exception exception) when (exception is CryptographicException or ArgumentException)
        {
            throw new FormatException("It is damaged, or no RSA key.", exception);
        }

        int size = BitsOf(key.Modulus!);
        return size is >= SmallestKey and <= LargestKey
            ? key
            : throw new FormatException($"It has {size} bits, not {SmallestKey} to {LargestKey}.");
    }

    public static string Write(RSAParameters key) =>
        $"-----BEGIN {Label}-----\n{Convert.ToBase64String(DerRsaKey.WritePublic(key), Base64FormattingOptions.InsertLineBreaks).Replace("\r", "")}\n-----END {Label}-----\n";

    private static int BitsOf(byte[] number)
    {
        int bits = (number.Length - 1) * 8;
        for (int first = number[0]; first > 0; first >>= 1)
        {
            bits++;
        }

        return bits;
    }

    private static RSAParameters Import(PemBlock block)
    {
#if NETSTANDARD2_0
        return DerRsaKey.ReadPublic(block.Decode());
#else
        using RSA rsa = RSA.Create();
        rsa.ImportFromPem(block.Text);
        return rsa.ExportParameters(includePrivateParameters: false);
#endif
    }
}
