using System.Diagnostics;
using System.Security.Cryptography;

namespace AssetCompute.Client.Authentication;

/// <summary>An RSA private key as PEM text, opened only for the moment of signing.</summary>
[DebuggerDisplay("{ToString(),nq}")]
internal sealed class RsaKeySource(string pem, string? passphrase, string where)
{
    private const int SmallestKey = 2048;

    /// <summary>The key; the caller disposes it.</summary>
    /// <exception cref="AssetComputeAuthenticationException">It is no RSA private key, cannot be decrypted, or is too weak.</exception>
    public RSA Open()
    {
        PemBlock block = PemBlock.FindKey(pem) ?? throw Unusable("holds no PEM private key");
        RSA rsa = block.Label switch
        {
            "RSA PRIVATE KEY" when block.HasLegacyEncryption => throw Unusable(
                "is encrypted in OpenSSL's old form, which is not supported: convert it with 'openssl pkcs8 -topk8 -in old.pem -out new.pem'"),
            "RSA PRIVATE KEY" or "PRIVATE KEY" => Import(block, password: null),
            "ENCRYPTED PRIVATE KEY" when string.IsNullOrEmpty(passphrase) => throw Unusable("is encrypted, and PrivateKeyPassphrase is not set"),
            "ENCRYPTED PRIVATE KEY" => Import(block, passphrase),
            _ => throw Unusable($"holds '{block.Label}', not an RSA private key"),
        };

        if (rsa.KeySize >= SmallestKey)
        {
            return rsa;
        }

        int size = rsa.KeySize;
        rsa.Dispose();
        throw Unusable($"is too weak: {size} bits, {SmallestKey} at least are needed");
    }

    /// <summary>Where the key is; never the key.</summary>
    public override string ToString() => where;

    private RSA Import(PemBlock block, string? password)
    {
        RSA rsa = RSA.Create();
        try
        {
#if NETSTANDARD2_0
            if (password is not null)
            {
                throw new PlatformNotSupportedException("Encrypted private keys need .NET 10 or later.");
            }

            rsa.ImportParameters(DerRsaKey.Read(block.Decode(), isPkcs8: block.Label == "PRIVATE KEY"));
#else
            if (password is null)
            {
                rsa.ImportFromPem(block.Text);
            }
            else
            {
                rsa.ImportFromEncryptedPem(block.Text, password);
            }
#endif
            return rsa;
        }
        catch (PlatformNotSupportedException exception)
        {
            rsa.Dispose();
            throw new AssetComputeAuthenticationException(
                $"{where} is encrypted, which this build of the library (.NET Standard 2.0) cannot read: use .NET 10 or later, or a key that the file system protects instead.", exception);
        }
        catch (Exception exception) when (exception is CryptographicException or ArgumentException or FormatException)
        {
            rsa.Dispose();
            throw Unusable(password is null
                ? "cannot be read: it is damaged, or not an RSA key"
                : "cannot be read: the passphrase is wrong, or the key is damaged or not an RSA key");
        }
    }

    private AssetComputeAuthenticationException Unusable(string why) => new($"{where} {why}.");
}
