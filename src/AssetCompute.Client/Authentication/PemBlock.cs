namespace AssetCompute.Client.Authentication;

/// <summary>A block of a PEM text.</summary>
/// <param name="label">The text after BEGIN.</param>
/// <param name="body">The text between the first and the last line.</param>
internal sealed class PemBlock(string label, string body)
{
    private const string Begin = "-----BEGIN ";
    private const string Dashes = "-----";

    public string Label { get; } = label;

    /// <summary>True for the encryption that OpenSSL wrote before PKCS#8.</summary>
    public bool HasLegacyEncryption => body.Contains("Proc-Type:");

    /// <summary>Finds the first private key, else the first block, else null: a file may hold a certificate before the key.</summary>
    public static PemBlock? FindKey(string text)
    {
        PemBlock? first = null;
        for (int at = 0; Next(text, ref at) is { } block;)
        {
            if (block.Label.EndsWith("PRIVATE KEY", StringComparison.Ordinal))
            {
                return block;
            }

            first ??= block;
        }

        return first;
    }

    /// <exception cref="FormatException">The body is not base64.</exception>
    public byte[] Decode() => Convert.FromBase64String(body);

    private static PemBlock? Next(string text, ref int at)
    {
        int begin = text.IndexOf(Begin, at, StringComparison.Ordinal);
        int label = begin + Begin.Length;
        int labelEnd = begin < 0 ? -1 : text.IndexOf(Dashes, label, StringComparison.Ordinal);
        if (labelEnd < 0)
        {
            return null;
        }

        string name = text.Substring(label, labelEnd - label);
        string last = $"-----END {name}-----";
        int body = labelEnd + Dashes.Length;
        int end = text.IndexOf(last, body, StringComparison.Ordinal);
        if (end < 0)
        {
            return null;
        }

        at = end + last.Length;
        return new PemBlock(name, text.Substring(body, end - body));
    }
}
