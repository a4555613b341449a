using System.Security.Cryptography;
using AssetCompute.Client.Authentication;

namespace AssetCompute.Client.Tests.Authentication;

/// <summary>Keys in DER that are nearly right: each of what makes a key one is demanded.</summary>
public class DerFormTests
{
    private static readonly byte[] s_rsa = [0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x01, 0x05, 0x00];
    private static readonly byte[] s_otherAlgorithm = [0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x0A, 0x05, 0x00];

    [Fact]
    public void Read_OfSmallNumbers_PadsThemToTheirPlaces()
    {
        RSAParameters key = DerRsaKey.Read(Pkcs8(s_rsa, Pkcs1([0])), isPkcs8: true);

        Assert.Equal([0xC1, 2, 3], key.Modulus);
        Assert.Equal([3], key.Exponent);
        Assert.Equal([0, 0, 5], key.D);
        Assert.Equal([0, 7], key.P);
        Assert.Equal([0, 17], key.InverseQ);
    }

    [Fact]
    public void Read_OfAnotherAlgorithm_IsRefused() =>
        Assert.Contains("Not an RSA key", Refused(Pkcs8(s_otherAlgorithm, Pkcs1([0])), isPkcs8: true), StringComparison.Ordinal);

    [Fact]
    public void Read_OfAnAlgorithmThatIsCutShort_IsRefused() =>
        Assert.Contains("Not an RSA key", Refused(Pkcs8(s_rsa[..10], Pkcs1([0])), isPkcs8: true), StringComparison.Ordinal);

    [Fact]
    public void Read_OfTheAlgorithmAlone_NeedsNoParameters() =>
        Assert.Equal([3], DerRsaKey.Read(Pkcs8(s_rsa[..11], Pkcs1([0])), isPkcs8: true).Exponent);

    [Fact]
    public void Read_OfAnotherVersion_IsRefused() =>
        Assert.Contains("A version that is not known", Refused(Pkcs1([1]), isPkcs8: false), StringComparison.Ordinal);

    [Fact]
    public void Read_OfAnEmptyNumber_IsRefused() =>
        Assert.Contains("An empty number", Refused(Pkcs1([]), isPkcs8: false), StringComparison.Ordinal);

    [Fact]
    public void Read_OfAnotherType_IsRefused()
    {
        byte[] key = Pkcs1([0]);
        key[0] = 0x31;

        Assert.Contains("Another type was expected", Refused(key, isPkcs8: false), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_OfANumberLongerThanTheModulus_IsRefused() =>
        Assert.Contains("longer than the modulus allows", Refused(Pkcs1([0], d: [1, 2, 3, 4]), isPkcs8: false), StringComparison.Ordinal);

    [Theory]
    [InlineData(new byte[] { 0x30, 0x80 }, "A length that no key has")]
    [InlineData(new byte[] { 0x30, 0x84, 0, 0, 0, 0 }, "A length that no key has")]
    [InlineData(new byte[] { 0x30, 0x83, 0, 0, 1 }, "The data ends too early")]
    [InlineData(new byte[] { 0x30, 0x01 }, "The data ends too early")]
    [InlineData(new byte[] { 0x30 }, "The data ends too early")]
    [InlineData(new byte[] { }, "The data ends too early")]
    public void Read_OfALengthThatCannotBe_IsRefused(byte[] der, string expected) =>
        Assert.Contains(expected, Refused(der, isPkcs8: false), StringComparison.Ordinal);

    [Fact]
    public void Read_OfALengthInThreeBytes_IsRead()
    {
        byte[] content = Pkcs1([0])[2..];

        Assert.Equal([3], DerRsaKey.Read([0x30, 0x83, 0, 0, (byte)content.Length, .. content], isPkcs8: false).Exponent);
    }

    [Fact]
    public void ReadPublic_OfAnotherAlgorithmOrHalfABit_IsRefused()
    {
        byte[] key = DerRsaKey.WritePublic(new RSAParameters { Modulus = [0xC1, 2, 3], Exponent = [3] });
        Assert.Equal([0xC1, 2, 3], DerRsaKey.ReadPublic(key).Modulus);
        int algorithm = key.AsSpan().IndexOf(s_rsa);

        Assert.Contains("Not an RSA key", RefusedPublic(algorithm + 10), StringComparison.Ordinal);
        Assert.Contains("Not whole bytes", RefusedPublic(algorithm + s_rsa.Length + 2), StringComparison.Ordinal);

        string RefusedPublic(int at)
        {
            byte[] damaged = [.. key];
            damaged[at]++;
            return Assert.Throws<FormatException>(() => DerRsaKey.ReadPublic(damaged)).Message;
        }
    }

    private static string Refused(byte[] der, bool isPkcs8) => Assert.Throws<FormatException>(() => DerRsaKey.Read(der, isPkcs8)).Message;

    private static byte[] Pkcs8(byte[] algorithm, byte[] key) => Tagged(0x30, [.. Number(0), .. Tagged(0x30, algorithm), .. Tagged(0x04, key)]);

    private static byte[] Pkcs1(byte[] version, byte[]? d = null) => Tagged(
        0x30, [.. Number(version), .. Number(0, 0xC1, 2, 3), .. Number(3), .. Number(d ?? [5]), .. Number(7), .. Number(11), .. Number(13), .. Number(15), .. Number(17)]);

    private static byte[] Number(params byte[] bytes) => Tagged(0x02, bytes);

    private static byte[] Tagged(byte tag, byte[] content) => [tag, (byte)content.Length, .. content];
}
