using System.Text.RegularExpressions;

namespace AssetCompute.Client.Diagnostics;

/// <summary>
/// Removes secrets from text that was received from the network. Services and proxies quote requests in their answers: signed URLs, data URIs and tokens.
/// </summary>
public static class RedactedText
{
    // Each alternative starts with fixed letters, so the time is proportional to the length of the text. The first one is a URL that its sender truncated in
    // the user info; a port is not user info.
    private static readonly Lazy<Regex> s_secrets = new(static () => new Regex(
        """(?<kept>https?:(?:\\?/){2})[^\s"'<>/?\#\\@:]*:(?!\d{0,5}\z)[^\s"'<>/?\#\\@]*\z"""
        + """|(?<kept>https?:(?:\\?/){2})(?:[^\s"'<>/?\#\\]*@)?(?<path>[^\s"'<>?\#]*)(?<query>[?\#][^\s"'<>]*)?"""
        + """|(?<kept>data:[^\s"'<>,]{0,100},)[^\s"'<>]*"""
        + """|(?<kept>bearer\s+)[^\s"'<>,;]+"""
        + """|(?-i:eyJ)[\w.+/=-]{10,}"""
        + """|(?<kept>"?(?:access_token|client_secret|jwt_token)"?\s*[:=]\s*)"?[^\s"'<>&]+""",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture));

    /// <summary>Returns the text without the signatures, user names and passwords of URLs, without the data of data URIs, and without tokens.</summary>
    /// <param name="text">The text.</param>
    /// <param name="maxLength">The maximum number of characters to return; greater than 0.</param>
    public static string Of(string text, int maxLength)
    {
        // Most texts are ids. The pattern is built for the first text that may contain a secret.
        bool mayHoldSecret = text.IndexOfAny([':', '=']) >= 0
            || text.AsSpan().IndexOf("eyJ".AsSpan(), StringComparison.Ordinal) >= 0
            || text.AsSpan().IndexOf("bearer".AsSpan(), StringComparison.OrdinalIgnoreCase) >= 0;
        string redacted = mayHoldSecret ? WithoutSecrets(text) : text;
        if (redacted.Length <= maxLength)
        {
            return redacted;
        }

        // An unpaired surrogate cannot be written to a log.
        return redacted.Substring(0, char.IsHighSurrogate(redacted[maxLength - 1]) ? maxLength - 1 : maxLength);
    }

    /// <summary>Returns the text on one line, without these secrets and without text that looks like a secret. Returns null if there is no text.</summary>
    internal static string? Of(string? text, int maxLength, IEnumerable<string> secrets)
    {
        if (text is null or "")
        {
            return null;
        }

        // The longest first: a secret may contain another one.
        string[] forms = [.. secrets, .. secrets.Select(static secret => Uri.EscapeDataString(secret)), .. secrets.Select(static secret => Uri.EscapeDataString(secret).Replace("%20", "+"))];
        foreach (string secret in forms.Where(static form => form.Length > 0).OrderByDescending(static form => form.Length))
        {
            text = text.Replace(secret, "***");
        }

        char[] line = [.. text.Select(static character => char.IsControl(character) ? ' ' : character)];
        return Of(new string(line), maxLength);
    }

    private static string WithoutSecrets(string text) => s_secrets.Value.Replace(text, static match =>
        match.Groups["kept"].Value + (match.Groups["path"] is { Success: true } path ? path.Value + (match.Groups["query"].Success ? "?…" : "") : "…"));
}
