using System.Security.Cryptography;
using System.Text;
using AssetCompute.Client.Authentication;

namespace AssetCompute.Client.Tests.Authentication;

public sealed class RsaKeySourceTests
{
    private static readonly PbeParameters Encryption = new(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1000);

    [Fact]
    public void Open_OfEachForm_ReadsTheKey()
    {
        using var key = RSA.Create(2048);
        string certificate = "-----BEGIN CERTIFICATE-----\nbWFkZSB1cA==\n-----END CERTIFICATE-----\n";
        Assert.Equal(Modulus(key), Modulus(key.ExportRSAPrivateKeyPem()));
        Assert.Equal(Modulus(key), Modulus(key.ExportPkcs8PrivateKeyPem()));
        Assert.Equal(Modulus(key), Modulus(key.ExportPkcs8PrivateKeyPem().Replace("\n", "\r\n", StringComparison.Ordinal)));
        Assert.Equal(Modulus(key), Modulus(certificate + key.ExportPkcs8PrivateKeyPem()));
        Assert.Equal(Modulus(key), Modulus(key.ExportEncryptedPkcs8PrivateKeyPem("a passphrase", Encryption), "a passphrase"));
    }

    [Fact]
    public void Open_OfWhatIsNoUsableKey_SaysWhy()
    {
        using var weak = RSA.Create(1024);
        using var key = RSA.Create(2048);
        using var curve = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        string pkcs1 = key.ExportRSAPrivateKeyPem();
        string old = pkcs1.Replace("-----BEGIN RSA PRIVATE KEY-----\n", "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\n", StringComparison.Ordinal);

        Refused(weak.ExportPkcs8PrivateKeyPem(), "too weak: 1024 bits, 2048 at least");
        Refused(curve.ExportPkcs8PrivateKeyPem(), "not an RSA key");
        Refused(curve.ExportECPrivateKeyPem(), "'EC PRIVATE KEY', not an RSA private key");
        Refused(key.ExportRSAPublicKeyPem(), "'RSA PUBLIC KEY', not an RSA private key");
        Refused(old, "openssl pkcs8 -topk8");
        Refused(key.ExportEncryptedPkcs8PrivateKeyPem("right", Encryption), "PrivateKeyPassphrase is not set");
        Refused(key.ExportEncryptedPkcs8PrivateKeyPem("right", Encryption), "the passphrase is wrong", "wrong");
        Refused(pkcs1.Replace("M", "N", StringComparison.Ordinal), "damaged");
        Refused("-----BEGIN PRIVATE KEY-----\n%%%\n-----END PRIVATE KEY-----", "damaged");
        Refused(pkcs1[..200], "holds no PEM private key");
        Refused("", "holds no PEM private key");
    }

    [Theory]
    [InlineData(2048)]
    [InlineData(2056)]
    [InlineData(3072)]
    public void DerRsaKey_ReadsWhatThePlatformReads(int bits)
    {
        using var key = RSA.Create(bits);
        RSAParameters expected = key.ExportParameters(includePrivateParameters: true);
        Same(expected, DerRsaKey.Read(key.ExportRSAPrivateKey(), isPkcs8: false));
        Same(expected, DerRsaKey.Read(key.ExportPkcs8PrivateKey(), isPkcs8: true));
    }

    [Fact]
    public void DerRsaKey_OfDamagedData_SaysSoAndNothingWorse()
    {
        using var key = RSA.Create(2048);
        using var curve = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        byte[] der = key.ExportPkcs8PrivateKey();
        Assert.Throws<FormatException>(() => DerRsaKey.Read(curve.ExportPkcs8PrivateKey(), isPkcs8: true));
        var random = new Random(1);
        for (int cut = 0; cut < der.Length; cut += 7)
        {
            Assert.Throws<FormatException>(() => DerRsaKey.Read(der[..cut], isPkcs8: true));
            byte[] damaged = [.. der];
            damaged[cut] ^= (byte)random.Next(1, 256);
            try
            {
                DerRsaKey.Read(damaged, isPkcs8: true);
            }
            catch (FormatException)
            {
                // Damage to a number's own digits is seen by the platform, which takes the numbers.
            }
        }
    }

    private static void Refused(string pem, string expected, string? passphrase = null)
    {
        var refused = Assert.Throws<AssetComputeAuthenticationException>(() => new RsaKeySource(pem, passphrase, "The private key file 'x.key'").Open());
        Assert.Contains(expected, refused.Message, StringComparison.Ordinal);
        Assert.StartsWith("The private key file 'x.key' ", refused.Message, StringComparison.Ordinal);
        foreach (string line in pem.Split('\n').Where(line => line.Length > 40 && !line.StartsWith('-')))
        {
            Assert.DoesNotContain(line, refused.ToString(), StringComparison.Ordinal);
        }
    }

    private static string Modulus(string pem, string? passphrase = null)
    {
        using RSA key = new RsaKeySource(pem, passphrase, "x").Open();
        return Modulus(key);
    }

    private static string Modulus(RSA key) => Convert.ToHexString(key.ExportParameters(includePrivateParameters: false).Modulus!);

    private static void Same(RSAParameters expected, RSAParameters actual)
    {
        Assert.Equal(expected.Modulus, actual.Modulus);
        Assert.Equal(expected.Exponent, actual.Exponent);
        Assert.Equal(expected.D, actual.D);
        Assert.Equal(expected.P, actual.P);
        Assert.Equal(expected.Q, actual.Q);
        Assert.Equal(expected.DP, actual.DP);
        Assert.Equal(expected.DQ, actual.DQ);
        Assert.Equal(expected.InverseQ, actual.InverseQ);

        using var key = RSA.Create();
        key.ImportParameters(actual);
        byte[] data = Encoding.UTF8.GetBytes("signed");
        Assert.True(key.VerifyData(data, key.SignData(data, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
    }
}
