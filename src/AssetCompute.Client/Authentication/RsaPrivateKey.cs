using System.Diagnostics;
using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
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
    private const string Block = @"-----BEGIN (?<label>[^-]+)-----(?<body>.*?)-----END \k<label>-----";
    private const string Pkcs1 = "RSA PRIVATE KEY";
    private const string Pkcs8 = "PRIVATE KEY";
    private const string EncryptedPkcs8 = "ENCRYPTED PRIVATE KEY";

    /// <summary>Returns the key. The caller disposes it.</summary>
    /// <exception cref="AssetComputeAuthenticationException">The text is not an RSA private key, cannot be decrypted, or the key is too short.</exception>
    public RSA Open()
    {
        (string label, byte[] der) = Read(Unwrap(text), isDecoded: false);
        RSA rsa = label == EncryptedPkcs8 && string.IsNullOrEmpty(passphrase)
            ? throw Unusable("is encrypted, and PrivateKeyPassphrase is not set")
            : Import(label, der);
        if (rsa.KeySize >= MinKeySize)
        {
            return rsa;
        }

        int size = rsa.KeySize;
        rsa.Dispose();
        throw Unusable($"is too weak: it has {size} bits, and at least {MinKeySize} are required");
    }

    /// <summary>Returns the description, never the key.</summary>
    public override string ToString() => description;

    /// <summary>Removes the quotes of a JSON or shell string, and replaces <c>\n</c> with line breaks.</summary>
    private static string Unwrap(string raw)
    {
        string unwrapped = raw.Trim().Trim('\uFEFF');
        if (unwrapped is ['"', .., '"'])
        {
            try
            {
                using var json = JsonDocument.Parse(unwrapped);
                unwrapped = json.RootElement.GetString()!;
            }
            catch (Exception exception) when (exception is JsonException or InvalidOperationException)
            {
                // Quotes of a shell, around line breaks that JSON does not allow.
                unwrapped = unwrapped.Trim('"');
            }
        }
        else if (unwrapped is ['\'', .., '\''])
        {
            unwrapped = unwrapped.Trim('\'');
        }

        return unwrapped.Replace("\\r", "").Replace("\\n", "\n").Trim();
    }

    private (string Label, byte[] Der) Read(string key, bool isDecoded)
    {
        Match[] blocks = [.. Regex.Matches(key, Block, RegexOptions.Singleline | RegexOptions.CultureInvariant).Cast<Match>()];
        if (blocks.Length > 0)
        {
            // A certificate may precede the key.
            Match block = Array.Find(blocks, static block => block.Groups["label"].Value.EndsWith(Pkcs8, StringComparison.Ordinal)) ?? blocks[0];
            return (block.Groups["label"].Value, Decode(block.Groups["label"].Value, block.Groups["body"].Value));
        }

        if (key.Contains("-----BEGIN"))
        {
            throw Unusable("looks like PEM, but its END line is missing or does not match: it was cut off");
        }

        if (isDecoded || !TryDecodeBase64(key, out byte[] bytes))
        {
            throw Unusable($"contains no PEM private key: it {Guess(key)}");
        }

        string decoded = Encoding.UTF8.GetString(bytes);
        return decoded.Contains("-----BEGIN") ? Read(Unwrap(decoded), isDecoded: true) : (LabelOf(bytes), bytes);
    }

    private byte[] Decode(string label, string body)
    {
        string? problem = label switch
        {
            Pkcs1 when body.Contains("Proc-Type:") => "is encrypted in OpenSSL's old form, which is not supported: convert it with 'openssl pkcs8 -topk8 -in old.pem -out new.pem'",
            Pkcs1 or Pkcs8 or EncryptedPkcs8 => null,
            "OPENSSH PRIVATE KEY" => "holds 'OPENSSH PRIVATE KEY', which is not supported: convert it with 'ssh-keygen -p -m pkcs8 -f key'",
            _ => $"holds '{label}', not an RSA private key",
        };
        try
        {
            return problem is null ? Convert.FromBase64String(body) : throw Unusable(problem);
        }
        catch (FormatException)
        {
            throw Unusable("looks like PEM, but is damaged: its lines are not base64");
        }
    }

    /// <summary>Returns the PEM label for a DER key.</summary>
    private string LabelOf(byte[] der)
    {
        try
        {
            AsnReader content = new AsnReader(der, AsnEncodingRules.BER).ReadSequence();
            if (content.PeekTag().HasSameClassAndValue(Asn1Tag.Sequence))
            {
                content.ReadEncodedValue();
                return content.PeekTag().HasSameClassAndValue(Asn1Tag.PrimitiveOctetString)
                    ? EncryptedPkcs8
                    : throw Unusable("looks like the base64 of a certificate or a public key, not of a private key");
            }

            if (content.ReadInteger() == 3)
            {
                throw Unusable("looks like the base64 of a PKCS#12 file (.p12, .pfx): convert it with 'openssl pkcs12 -in file.p12 -nodes -nocerts -out private.key'");
            }

            return content.PeekTag().HasSameClassAndValue(Asn1Tag.Sequence) ? Pkcs8 : Pkcs1;
        }
        catch (AsnContentException)
        {
            throw Unusable("looks like base64, but neither of a PEM nor of a DER private key");
        }
    }

    private RSA Import(string label, byte[] der)
    {
        RSA rsa = RSA.Create();
        try
        {
#if NETSTANDARD2_0
            if (label == EncryptedPkcs8)
            {
                throw Unusable("is encrypted, which the .NET Standard 2.0 build of this library cannot read: use .NET 10, or a key without a passphrase");
            }

            rsa.ImportParameters(RsaDer.ReadPrivate(der, isPkcs8: label == Pkcs8));
#else
            string pem = PemEncoding.WriteString(label, der);
            if (label == EncryptedPkcs8)
            {
                rsa.ImportFromEncryptedPem(pem, passphrase);
            }
            else
            {
                rsa.ImportFromPem(pem);
            }
#endif
            return rsa;
        }
        catch (Exception exception)
        {
            rsa.Dispose();
            if (exception is CryptographicException or ArgumentException or AsnContentException)
            {
                throw Unusable(label == EncryptedPkcs8
                    ? "cannot be read: the passphrase is wrong, or the key is damaged or not an RSA key"
                    : "cannot be read: it is damaged, or not an RSA key");
            }

            throw;
        }
    }

    private static bool TryDecodeBase64(string key, out byte[] bytes)
    {
        try
        {
            // Tokens and secret stores also use base64url.
            string base64 = string.Concat(key.Where(static character => !char.IsWhiteSpace(character))).Replace('-', '+').Replace('_', '/').TrimEnd('=');
            bytes = Convert.FromBase64String(base64.PadRight((base64.Length + 3) / 4 * 4, '='));
            return bytes.Length > 64;
        }
        catch (FormatException)
        {
            bytes = [];
            return false;
        }
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
