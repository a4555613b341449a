using System.Text.RegularExpressions;

namespace AssetCompute.Client.Diagnostics;

/// <summary>Removes secrets from text that goes to a log or a store: query strings and user names of URLs, the content of data URIs, and tokens.</summary>
public static class RedactedText
{
    /// <summary>Returns the text without secrets.</summary>
    /// <param name="text">The text, such as the message of an exception.</param>
    /// <param name="maxLength">The most characters to return; over 0.</param>
    public static string Of(string text, int maxLength)
    {
        if (IsPlain(text))
        {
            return Cut(text, maxLength);
        }

        return Cut(Patterns.WithoutSecrets(Cut(text, maxLength)), maxLength);
    }

    /// <summary>True for what ids are, which come with each answer: whatever is taken out has a sign or white space in it, or begins as a token does.</summary>
    private static bool IsPlain(string text)
    {
        foreach (char character in text)
        {
            if (character is not ((>= 'a' and <= 'z') or (>= 'A' and <= 'Z') or (>= '0' and <= '9') or '-' or '_' or '.'))
            {
                return false;
            }
        }

        return text.IndexOf("eyJ", StringComparison.Ordinal) < 0;
    }

    private static string Cut(string text, int maxLength)
    {
        if (text.Length <= maxLength)
        {
            return text;
        }

        // Half a surrogate pair would not survive being written to a log.
        int length = char.IsHighSurrogate(text[maxLength - 1]) ? maxLength - 1 : maxLength;
        return text.Substring(0, length);
    }

    /// <summary>By itself, so that it is built for the first text that needs it.</summary>
    private static class Patterns
    {
        // Each alternative begins with fixed letters, and the text is short: nothing here can run long.
        private static readonly Regex Secrets = new(
            """(?<url>https?:(?:\\?/){2})(?:[^\s"'<>/?\#\\]*@)?(?<rest>[^\s"'<>?\#]*)(?<query>[?\#][^\s"'<>]*)?"""
            + """|(?<data>data:[^\s"'<>,]{0,100}),[^\s"'<>]*"""
            + """|(?<bearer>bearer\s+)[^\s"'<>,;]+"""
            + """|(?<jwt>(?-i:eyJ))[\w.+/=-]{10,}"""
            + """|(?<field>"?(?:access_token|client_secret|jwt_token)"?\s*[:=]\s*)"?[^\s"'<>&]+""",
            RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture);

        public static string WithoutSecrets(string text) => Secrets.Replace(text, static match =>
        {
            GroupCollection groups = match.Groups;
            return groups["url"].Success ? groups["url"].Value + groups["rest"].Value + (groups["query"].Success ? "?…" : "")
                : groups["data"].Success ? groups["data"].Value + ",…"
                : groups["bearer"].Success ? groups["bearer"].Value + "…"
                : groups["jwt"].Success ? "…"
                : groups["field"].Value + "…";
        });
    }
}
