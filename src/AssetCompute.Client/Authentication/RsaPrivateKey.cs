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
    private const string Begin = "-----BEGIN";
    private const string Block = Begin + @" (?<label>[^-]+)-----(?<body>.*?)-----END \k<label>-----";
    private const string Pkcs1 = "RSA PRIVATE KEY";
    private const string Pkcs8 = "PRIVATE KEY";
    private const string EncryptedPkcs8 = "ENCRYPTED PRIVATE KEY";

    /// <summary>Returns the key. The caller disposes it.</summary>
    /// <exception cref="AssetComputeAuthenticationException">The text is not an RSA private key, cannot be decrypted, or the key is too short.</exception>
    public RSA Open()
    {
        RSA rsa = RSA.Create();
        try
        {
            (string label, byte[] der) = Read();
            Import(rsa, label, der);
            return rsa.KeySize >= MinKeySize
                ? rsa
                : throw Unusable($"is too weak: it has {rsa.KeySize} bits, and at least {MinKeySize} are required");
        }
        catch
        {
            rsa.Dispose();
            throw;
        }
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
            }
        }

        return unwrapped.Trim('"', '\'').Replace("\\r", "").Replace("\\n", "\n").Trim();
    }

    /// <summary>Returns the DER of the key, and its PEM label.</summary>
    private (string Label, byte[] Der) Read()
    {
        string key = Unwrap(text);
        if (key.Contains(Begin) || !TryDecodeBase64(key, out byte[] bytes))
        {
            return ReadPem(key);
        }

        string decoded = Unwrap(Encoding.UTF8.GetString(bytes));
        return decoded.Contains(Begin) ? ReadPem(decoded) : (LabelOf(bytes), bytes);
    }

    private (string Label, byte[] Der) ReadPem(string pem)
    {
        Match[] blocks = [.. Regex.Matches(pem, Block, RegexOptions.Singleline | RegexOptions.CultureInvariant).Cast<Match>()];
        if (blocks.Length == 0)
        {
            throw Unusable(pem.Contains(Begin)
                ? "looks like PEM, but its END line is missing or does not match: it was cut off"
                : $"contains no PEM private key: it {Guess(pem)}");
        }

        // A certificate may precede the key.
        GroupCollection block = (Array.Find(blocks, static block => block.Groups["label"].Value.EndsWith(Pkcs8, StringComparison.Ordinal)) ?? blocks[0]).Groups;
        (string label, string body) = (block["label"].Value, block["body"].Value);
        string? problem = label switch
        {
            Pkcs1 when body.Contains("Proc-Type:") => "is encrypted in OpenSSL's old form, which is not supported: convert it with 'openssl pkcs8 -topk8 -in old.pem -out new.pem'",
            Pkcs1 or Pkcs8 or EncryptedPkcs8 => null,
            "OPENSSH PRIVATE KEY" => "holds 'OPENSSH PRIVATE KEY', which is not supported: convert it with 'ssh-keygen -p -m pkcs8 -f key'",
            _ => $"holds '{label}', not an RSA private key",
        };
        try
        {
            return problem is null ? (label, Convert.FromBase64String(body)) : throw Unusable(problem);
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
            bool isEncrypted = content.PeekTag().HasSameClassAndValue(Asn1Tag.Sequence);
            if (!isEncrypted && content.ReadInteger() == 3)
            {
                throw Unusable("looks like the base64 of a PKCS#12 file (.p12, .pfx): convert it with 'openssl pkcs12 -in file.p12 -nodes -nocerts -out private.key'");
            }

            if (isEncrypted)
            {
                content.ReadEncodedValue();
            }

            Asn1Tag second = content.PeekTag();
            return !isEncrypted ? second.HasSameClassAndValue(Asn1Tag.Sequence) ? Pkcs8 : Pkcs1
                : second.HasSameClassAndValue(Asn1Tag.PrimitiveOctetString) ? EncryptedPkcs8
                : throw Unusable("looks like the base64 of a certificate or a public key, not of a private key");
        }
        catch (AsnContentException)
        {
            throw Unusable("looks like base64, but neither of a PEM nor of a DER private key");
        }
    }

    private void Import(RSA rsa, string label, byte[] der)
    {
        bool isEncrypted = label == EncryptedPkcs8;
        if (isEncrypted && string.IsNullOrEmpty(passphrase))
        {
            throw Unusable("is encrypted, and PrivateKeyPassphrase is not set");
        }

        try
        {
#if NETSTANDARD2_0
            rsa.ImportParameters(isEncrypted
                ? throw Unusable("is encrypted, which the .NET Standard 2.0 build of this library cannot read: use .NET 10, or a key without a passphrase")
                : RsaDer.ReadPrivate(der, isPkcs8: label == Pkcs8));
#else
            switch (label)
            {
                case EncryptedPkcs8:
                    rsa.ImportEncryptedPkcs8PrivateKey(passphrase, der, out _);
                    break;
                case Pkcs8:
                    rsa.ImportPkcs8PrivateKey(der, out _);
                    break;
                default:
                    rsa.ImportRSAPrivateKey(der, out _);
                    break;
            }
#endif
        }
        catch (Exception exception) when (exception is CryptographicException or ArgumentException or AsnContentException)
        {
            throw Unusable($"cannot be read: {(isEncrypted ? "the passphrase is wrong, or the key" : "it")} is damaged, or not an RSA key");
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
