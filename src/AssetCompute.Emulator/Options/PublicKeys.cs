using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace AssetCompute.Emulator;

/// <summary>Reads the keys that verify the signatures of service accounts: a public key or a certificate, as PEM.</summary>
internal static class PublicKeys
{
    public static RSA Read(string pem)
    {
        if (pem.Contains("BEGIN CERTIFICATE", StringComparison.Ordinal))
        {
            using var certificate = X509Certificate2.CreateFromPem(pem);
            return certificate.GetRSAPublicKey() ?? throw new CryptographicException("The certificate holds no RSA key.");
        }

        var key = RSA.Create();
        key.ImportFromPem(pem);
        return key;
    }
}
