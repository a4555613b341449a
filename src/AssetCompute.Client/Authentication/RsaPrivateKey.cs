using System.Diagnostics;
using System.Formats.Asn1;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace AssetCompute.Client.Authentication;

/// <summary>
/// An RSA private key as text, opened only to sign. Reads PEM, and the forms that environment variables and secret stores use: PEM with <c>\n</c> instead of
/// line breaks, PEM as a JSON string, and base64 of PEM or of DER.
/// </summary>
[DebuggerDisplay("{ToString(),nq}")]
internal sealed class RsaPrivateKey(string text, string? passphrase, string description)
{
    private const int MinKeySize = 2048;
    private const string Begin = "-----BEGIN";
    private const string Block = Begin + @" (?<label>[^-]+)-----(?<body>.*?)-----END \k<label>-----";
    private const string Base64 = @"^[A-Za-z0-9+/_\s-]{88,}=*$";
    private const string RsaEncryption = "1.2.840.113549.1.1.1";

    /// <summary>Returns the key. The caller disposes it.</summary>
    /// <exception cref="AssetComputeAuthenticationException">The text is not an RSA private key, cannot be decrypted, or the key is too short.</exception>
    public RSA Open()
    {
        bool isEncrypted = false;
        RSA rsa = RSA.Create();
        try
        {
            byte[] der = ReadDer(Unwrap(text));
            isEncrypted = IsEncrypted(der);
            if (!isEncrypted)
            {
                rsa.ImportParameters(ReadPrivate(der));
            }
            else if (string.IsNullOrEmpty(passphrase))
            {
                throw Unusable("is encrypted, and PrivateKeyPassphrase is not set");
            }
            else
            {
#if NETSTANDARD2_0
                throw Unusable("is encrypted, which the .NET Standard 2.0 build of this library cannot read: use .NET 10, or a key without a passphrase");
#else
                rsa.ImportEncryptedPkcs8PrivateKey(passphrase, der, out _);
#endif
            }

            return rsa.KeySize >= MinKeySize
                ? rsa
                : throw Unusable($"is too weak: it has {rsa.KeySize} bits, and at least {MinKeySize} are required");
        }
        catch (Exception exception)
        {
            rsa.Dispose();
            if (exception is CryptographicException or ArgumentException or AsnContentException or FormatException)
            {
                throw Unusable($"cannot be read: {(isEncrypted ? "the passphrase is wrong, or the key" : "it looks like PEM or base64, but")} is damaged, or not an RSA key");
            }

            throw;
        }
    }

    /// <summary>Returns the description, never the key.</summary>
    public override string ToString() => description;

    /// <summary>Reads DER (RFC 8017, or RFC 5208 around it): .NET Standard 2.0 cannot, and one reader serves both frameworks.</summary>
    /// <exception cref="AsnContentException">The data is not an RSA private key.</exception>
    internal static RSAParameters ReadPrivate(byte[] der)
    {
        AsnReader reader = OpenVersion0(der);
        if (reader.PeekTag().HasSameClassAndValue(Asn1Tag.Sequence))
        {
            if (reader.ReadSequence().ReadObjectIdentifier() != RsaEncryption)
            {
                throw new AsnContentException("It is not an RSA key.");
            }

            reader = OpenVersion0(reader.ReadOctetString());
        }

        byte[] modulus = ReadUnsigned(reader);
        int half = (modulus.Length + 1) / 2;
        return new RSAParameters
        {
            Modulus = modulus,
            Exponent = ReadUnsigned(reader),
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

    /// <summary>Reads a number. The platform requires its full length, and DER omits leading zeros. Default length: that of the number.</summary>
    private static byte[] ReadUnsigned(AsnReader reader, int? length = null)
    {
        byte[] number = [.. reader.ReadIntegerBytes().ToArray().SkipWhile(static digit => digit == 0)];
        int missing = (length ?? number.Length) - number.Length;
        return missing >= 0 ? [.. new byte[missing], .. number] : throw new AsnContentException("A number is longer than the modulus allows.");
    }

    /// <summary>Removes the quotes and the escapes of a JSON or shell string. The path of a file on Windows has no escapes.</summary>
    private static string Unwrap(string raw) => Regex
        .Replace(raw, @"(?<!^\W*[A-Za-z]:.*)\\+(u[0-9A-Fa-f]{4}|[rn/])", static escape => Regex.Unescape("\\" + escape.Groups[1].Value))
        .Trim(' ', '\t', '\r', '\n', '\uFEFF', '"', '\'');

    /// <summary>Returns the DER of a key in PEM, in base64, or in base64 of PEM.</summary>
    private byte[] ReadDer(string key)
    {
        if (key.Contains(Begin) || !Regex.IsMatch(key, Base64))
        {
            return ReadPem(key);
        }

        // Tokens and secret stores also use base64url.
        string base64 = Regex.Replace(key, @"[\s=]", "").Replace('-', '+').Replace('_', '/');
        byte[] bytes = Convert.FromBase64String(base64.PadRight((base64.Length + 3) / 4 * 4, '='));
        string decoded = Unwrap(Encoding.UTF8.GetString(bytes));
        return decoded.Contains(Begin) ? ReadPem(decoded) : bytes;
    }

    private byte[] ReadPem(string pem)
    {
        Match[] blocks = [.. Regex.Matches(pem, Block, RegexOptions.Singleline | RegexOptions.CultureInvariant).Cast<Match>()];
        if (blocks.Length == 0)
        {
            throw Unusable(pem.Contains(Begin)
                ? "looks like PEM, but its END line is missing or does not match: it was cut off"
                : $"contains no PEM private key: it {Guess(pem)}");
        }

        // A certificate may precede the key.
        GroupCollection block = (Array.Find(blocks, static block => block.Groups["label"].Value.EndsWith("PRIVATE KEY", StringComparison.Ordinal)) ?? blocks[0]).Groups;
        (string label, string body) = (block["label"].Value, block["body"].Value);
        return label switch
        {
            "RSA PRIVATE KEY" when body.Contains("Proc-Type:") =>
                throw Unusable("is encrypted in OpenSSL's old form, which is not supported: convert it with 'openssl pkcs8 -topk8 -in old.pem -out new.pem'"),
            "RSA PRIVATE KEY" or "PRIVATE KEY" or "ENCRYPTED PRIVATE KEY" => Convert.FromBase64String(body),
            "OPENSSH PRIVATE KEY" => throw Unusable("holds 'OPENSSH PRIVATE KEY', which is not supported: convert it with 'ssh-keygen -p -m pkcs8 -f key'"),
            _ => throw Unusable($"holds '{label}', not an RSA private key"),
        };
    }

    /// <summary>Returns whether DER is an encrypted key.</summary>
    private bool IsEncrypted(byte[] der)
    {
        AsnReader content = new AsnReader(der, AsnEncodingRules.BER).ReadSequence();
        if (content.PeekTag().HasSameClassAndValue(Asn1Tag.Sequence))
        {
            content.ReadEncodedValue();
            return content.PeekTag().HasSameClassAndValue(Asn1Tag.PrimitiveOctetString)
                ? true
                : throw Unusable("looks like a certificate or a public key, not like a private key");
        }

        return content.ReadInteger() == 3
            ? throw Unusable("looks like a PKCS#12 file (.p12, .pfx): convert it with 'openssl pkcs12 -in file.p12 -nodes -nocerts -out private.key'")
            : false;
    }

    private static string Guess(string key) => key switch
    {
        "" => "is empty",
        ['{', ..] => "looks like JSON",
        _ when key.StartsWith("PuTTY-User-Key-File", StringComparison.Ordinal) => "looks like a PuTTY key: export it as an OpenSSH key and convert it to PKCS#8",
        _ when key.StartsWith("ssh-", StringComparison.Ordinal) => "looks like a public SSH key",
        _ when key.Length < 300 && key.IndexOfAny(['/', '\\', '.']) >= 0 => "looks like the path of a file, not like its content",
        _ => "looks like none of PEM, base64 of PEM and base64 of DER",
    };

    private AssetComputeAuthenticationException Unusable(string why) => new($"{description} {why}.");
}
