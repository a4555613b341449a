namespace AssetCompute.Client.Authentication;

/// <summary>One block of a PEM text.</summary>
internal sealed class PemBlock
{
    private const string Begin = "-----BEGIN ";
    private const string Dashes = "-----";

    private readonly string _body;

    private PemBlock(string label, string text, string body)
    {
        Label = label;
        Text = text;
        _body = body;
    }

    /// <summary>What stands after BEGIN.</summary>
    public string Label { get; }

    /// <summary>The whole block, with its first and last line.</summary>
    public string Text { get; }

    /// <summary>True for the encryption that OpenSSL once wrote into the block's own headers.</summary>
    public bool HasLegacyEncryption => _body.Contains("Proc-Type:");

    /// <summary>The first private key, else the first block of any kind, else null: a file may hold the certificate before the key.</summary>
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
    public byte[] Decode() => Convert.FromBase64String(_body);

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
        return new PemBlock(name, text.Substring(begin, at - begin), text.Substring(body, end - body));
    }
}
