using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using AssetCompute.Client.Authentication;

namespace AssetCompute.Client.Tests.Authentication;

/// <summary>Private keys in the formats that files, environment variables and secret stores use.</summary>
public sealed class RsaPrivateKeyTests
{
    private static readonly PbeParameters s_encryption = new(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1000);
    private static readonly RSA s_key = RSA.Create(2048);

    public static TheoryData<string> Pems => [s_key.ExportRSAPrivateKeyPem(), s_key.ExportPkcs8PrivateKeyPem(), s_key.ExportEncryptedPkcs8PrivateKeyPem("a passphrase", s_encryption)];

    [Theory]
    // Each process generates a different key, so test cases must not come from another process.
    [MemberData(nameof(Pems), DisableDiscoveryEnumeration = true)]
    public void Open_OfAPem_ReadsTheKeyInWhateverItIsWrapped(string pem)
    {
        string lines = pem.Replace("\n", "\r\n", StringComparison.Ordinal);
        string escaped = pem.Replace("\n", "\\n", StringComparison.Ordinal);
        string base64 = Base64(pem);
        string[] forms =
        [
            pem,
            "\uFEFF" + pem,
            "  " + pem + "\n\n",
            lines,
            "-----BEGIN CERTIFICATE-----\nbWFkZSB1cA==\n-----END CERTIFICATE-----\n" + pem,
            pem + "\n-----BEGIN CERTIFICATE-----\nbWFkZSB1cA==\n-----END CERTIFICATE-----\n",
            "text before\n" + pem + "\ntext behind",
            escaped,
            lines.Replace("\r\n", "\\r\\n", StringComparison.Ordinal),
            pem.Replace("\n", "\\n\n", StringComparison.Ordinal),
            pem.Replace('\n', ' '),
            pem.Replace("\n", "", StringComparison.Ordinal),
            Quoted(pem),
            Quoted(lines),
            Quoted(escaped),
            $"\"{pem}\"",
            $"'{escaped}'",
            $"\"{escaped}\"",
            base64,
            base64.TrimEnd('='),
            base64.Replace('+', '-').Replace('/', '_'),
            string.Join("\n", base64.Chunk(64).Select(static line => new string(line))),
            $"\"{base64}\"",
            Base64(escaped),
            Base64(lines),
            Base64(Quoted(pem)),
        ];

        Assert.All(forms, form => Assert.Equal(Modulus(s_key), Modulus(form, "a passphrase")));
    }

    [Fact]
    public void Open_OfBase64OfDer_ReadsTheKey()
    {
        byte[][] ders = [s_key.ExportRSAPrivateKey(), s_key.ExportPkcs8PrivateKey(), s_key.ExportEncryptedPkcs8PrivateKey("a passphrase", s_encryption)];

        Assert.All(ders, der => Assert.Equal(Modulus(s_key), Modulus(Convert.ToBase64String(der), "a passphrase")));
        Assert.All(ders, der => Assert.Equal(Modulus(s_key), Modulus(Convert.ToBase64String(der, Base64FormattingOptions.InsertLineBreaks), "a passphrase")));
    }

    [Fact]
    public void ReadText_OfAFileOfDer_IsItsBase64()
    {
        string path = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(path, s_key.ExportPkcs8PrivateKey());

            Assert.Equal(Modulus(s_key), Modulus(CredentialsFile.ReadText(path, "private key file")));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void Open_OfWhatIsNoUsableKey_SaysWhatItLooksLike()
    {
        using var weak = RSA.Create(1024);
        using var curve = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        string pkcs1 = s_key.ExportRSAPrivateKeyPem();
        string old = pkcs1.Replace("-----BEGIN RSA PRIVATE KEY-----\n", "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\n", StringComparison.Ordinal);
        using X509Certificate2 certificate = new CertificateRequest("CN=test", s_key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).CreateSelfSigned(DateTimeOffset.UtcNow, DateTimeOffset.UtcNow.AddDays(1));

        Refused(weak.ExportPkcs8PrivateKeyPem(), "is too weak: it has 1024 bits, and at least 2048");
        Refused(curve.ExportPkcs8PrivateKeyPem(), "not an RSA key");
        Refused(curve.ExportECPrivateKeyPem(), "'EC PRIVATE KEY', not an RSA private key");
        Refused(s_key.ExportRSAPublicKeyPem(), "'RSA PUBLIC KEY', not an RSA private key");
        Refused(certificate.ExportCertificatePem(), "'CERTIFICATE', not an RSA private key");
        Refused("-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----", "ssh-keygen -p -m pkcs8");
        Refused(old, "openssl pkcs8 -topk8");
        Refused(Base64(old), "openssl pkcs8 -topk8");
        Refused(s_key.ExportEncryptedPkcs8PrivateKeyPem("right", s_encryption), "PrivateKeyPassphrase is not set");
        Refused(Convert.ToBase64String(s_key.ExportEncryptedPkcs8PrivateKey("right", s_encryption)), "PrivateKeyPassphrase is not set");
        Refused(s_key.ExportEncryptedPkcs8PrivateKeyPem("right", s_encryption), "the passphrase is wrong", "wrong");
        Refused(pkcs1.Replace("M", "N", StringComparison.Ordinal), "damaged");
        Refused("-----BEGIN PRIVATE KEY-----\n%%%\n-----END PRIVATE KEY-----", "it looks like PEM or base64, but is damaged");
        Refused(pkcs1[..200], "it was cut off");
        Refused(pkcs1.Replace("END RSA", "END", StringComparison.Ordinal), "it was cut off");
        Refused(certificate.ExportCertificatePem() + "\n" + pkcs1[..200], "'CERTIFICATE', not an RSA private key");
        Refused(Convert.ToBase64String(certificate.RawData), "looks like a certificate");
        Refused(Convert.ToBase64String(s_key.ExportSubjectPublicKeyInfo()), "looks like a certificate or a public key");
        Refused(Convert.ToBase64String(certificate.Export(X509ContentType.Pkcs12, "x")), "PKCS#12");
        Refused(Convert.ToBase64String(RandomNumberGenerator.GetBytes(900)), "it looks like PEM or base64, but is damaged, or not an RSA key");
        Refused("", "contains no PEM private key: it is empty");
        Refused("""{"kty":"RSA"}""", "looks like JSON");
        Refused("/run/secrets/private.key", "looks like the path of a file");
        Refused(@"C:\secrets\private.key", "looks like the path of a file");
        Refused(@"""C:\new\private.key""", "looks like the path of a file");
        Refused("ssh-rsa AAAA", "looks like a public SSH key");
        Refused("PuTTY-User-Key-File-3: ssh-rsa", "looks like a PuTTY key");
        Refused("no key", "looks like none of PEM");
    }

    [Theory]
    [InlineData(2048)]
    [InlineData(2056)]
    [InlineData(3072)]
    public void ReadPrivate_ReadsWhatThePlatformReads(int bits)
    {
        using var key = RSA.Create(bits);
        RSAParameters expected = key.ExportParameters(includePrivateParameters: true);
        Same(expected, RsaPrivateKey.ReadPrivate(key.ExportRSAPrivateKey()));
        Same(expected, RsaPrivateKey.ReadPrivate(key.ExportPkcs8PrivateKey()));
    }

    [Fact]
    public void ReadPrivate_OfDamagedData_SaysSoAndNothingWorse()
    {
        using var curve = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        byte[] der = s_key.ExportPkcs8PrivateKey();
        Assert.Throws<AsnContentException>(() => RsaPrivateKey.ReadPrivate(curve.ExportPkcs8PrivateKey()));
        var random = new Random(1);
        for (int cut = 0; cut < der.Length; cut += 7)
        {
            Assert.Throws<AsnContentException>(() => RsaPrivateKey.ReadPrivate(der[..cut]));
            byte[] damaged = [.. der];
            damaged[cut] ^= (byte)random.Next(1, 256);
            try
            {
                RsaPrivateKey.ReadPrivate(damaged);
            }
            catch (AsnContentException)
            {
                // This exception is optional. If only the digits of a number are damaged, the platform detects it during the import.
            }
        }
    }

    private static string Quoted(string text) => '"' + JsonEncodedText.Encode(text).ToString() + '"';

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    private static void Refused(string text, string expected, string? passphrase = null)
    {
        var refused = Assert.Throws<AssetComputeAuthenticationException>(() => new RsaPrivateKey(text, passphrase, "The private key file 'x.key'").Open());
        Assert.Contains(expected, refused.Message, StringComparison.Ordinal);
        Assert.StartsWith("The private key file 'x.key' ", refused.Message, StringComparison.Ordinal);
        foreach (string line in text.Split('\n').Where(line => line.Length > 40 && !line.StartsWith('-')))
        {
            Assert.DoesNotContain(line, refused.ToString(), StringComparison.Ordinal);
        }
    }

    private static string Modulus(string text, string? passphrase = null)
    {
        using RSA key = new RsaPrivateKey(text, passphrase, "x").Open();
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
