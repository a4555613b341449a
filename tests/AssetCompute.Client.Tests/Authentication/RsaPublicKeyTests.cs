using System.Formats.Asn1;
using System.Security.Cryptography;
using AssetCompute.Client.Authentication;

namespace AssetCompute.Client.Tests.Authentication;

public sealed class RsaPublicKeyTests
{
    [Theory]
    [InlineData(2048)]
    [InlineData(2056)]
    [InlineData(3072)]
    [InlineData(4096)]
    public void WriteAndRead_AreWhatThePlatformWritesAndReads(int bits)
    {
        using RSA key = RSA.Create(bits);
        RSAParameters expected = key.ExportParameters(includePrivateParameters: false);

        Assert.Equal(key.ExportSubjectPublicKeyInfo(), RsaDer.WritePublic(expected));
        Same(expected, RsaDer.ReadPublic(key.ExportSubjectPublicKeyInfo()));
        Same(expected, RsaPublicKey.Parse(key.ExportSubjectPublicKeyInfoPem()));
        Same(expected, RsaPublicKey.Parse(RsaPublicKey.Write(expected)));
        Same(expected, RsaPublicKey.Parse("# Adobe\r\n" + key.ExportSubjectPublicKeyInfoPem().ReplaceLineEndings("\r\n") + "\r\n"));
    }

    [Fact]
    public void Parse_OfWhatIsNoUsableKey_IsAFormatException()
    {
        using RSA key = RSA.Create(2048);
        using RSA weak = RSA.Create(2040);
        using ECDsa curve = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        string right = key.ExportSubjectPublicKeyInfoPem();
        foreach (string pem in new[] { "", "x", right[..100], right.Replace("PUBLIC KEY", "RSA PUBLIC KEY", StringComparison.Ordinal), key.ExportRSAPublicKeyPem(), key.ExportPkcs8PrivateKeyPem(), weak.ExportSubjectPublicKeyInfoPem(), curve.ExportSubjectPublicKeyInfoPem(), "-----BEGIN PUBLIC KEY-----\n%%%\n-----END PUBLIC KEY-----", "-----BEGIN PUBLIC KEY-----\n-----END PUBLIC KEY-----" })
        {
            Assert.Throws<FormatException>(() => RsaPublicKey.Parse(pem));
        }
    }

    [Fact]
    public void ReadPublic_OfDamagedData_IsAnAsnContentExceptionOrAKey()
    {
        using RSA key = RSA.Create(2048);
        byte[] right = key.ExportSubjectPublicKeyInfo();
        Random random = new(7);
        for (int i = 0; i < 20_000; i++)
        {
            byte[] damaged = right[..(random.Next(4) == 0 ? random.Next(right.Length) : right.Length)];
            for (int changes = random.Next(3); changes >= 0 && damaged.Length > 0; changes--)
            {
                damaged[random.Next(Math.Min(damaged.Length, 40))] = (byte)random.Next(256);
            }

            try
            {
                Assert.NotEmpty(RsaDer.ReadPublic(damaged).Modulus!);
            }
            catch (AsnContentException)
            {
                // The one way in which it may be refused.
            }
        }
    }

    private static void Same(RSAParameters expected, RSAParameters actual)
    {
        Assert.Equal(expected.Modulus, actual.Modulus);
        Assert.Equal(expected.Exponent, actual.Exponent);
    }
}
