namespace AssetCompute.Client;

/// <summary>Which URLs the service may be told to read from and write to.</summary>
internal static class SecureUrl
{
    private const string DataScheme = "data:";
#if NET
    private const int MaxPlainLength = 4096;
    private static readonly System.Buffers.SearchValues<char> s_path = System.Buffers.SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/?&=%+,:@!$'()*;#");
#endif

    /// <summary>True for an absolute https URL, and for http to a loopback address, where nothing leaves the machine.</summary>
    public static bool IsValid(string? url) => IsPlain(url) || (Uri.TryCreate(url, UriKind.Absolute, out Uri? uri) && IsValid(uri));

    /// <summary>True for an absolute https URL, and for http to a loopback address, where nothing leaves the machine.</summary>
    public static bool IsValid(Uri url) =>
        url.IsAbsoluteUri
        && url.Host.Length > 0
        && (url.Scheme == Uri.UriSchemeHttps || (url.Scheme == Uri.UriSchemeHttp && url.IsLoopback));

    /// <summary>
    /// True for what nearly all URLs are, and what certainly is a valid one: https, a host name of letters and digits, a path of the characters that
    /// stand in URLs by themselves. Of any other, <see cref="Uri"/> has to judge.
    /// </summary>
    private static bool IsPlain(string? url)
    {
#if NET
        const string start = "https://";
        if (url is not { Length: > 8 and <= MaxPlainLength } || !url.StartsWith(start, StringComparison.Ordinal))
        {
            return false;
        }

        ReadOnlySpan<char> rest = url.AsSpan(start.Length);
        int host = rest.IndexOf('/');
        if (host <= 0 || host > 63 || !char.IsAsciiLetter(rest[0]) || rest.Slice(host).ContainsAnyExcept(s_path))
        {
            return false;
        }

        // Labels that begin and end with a letter or a digit; the last begins with a letter, so that it is no address.
        char before = '.';
        int label = 0;
        for (int i = 0; i < host; i++)
        {
            char character = rest[i];
            bool isSign = character is '-' or '.';
            if (!isSign && !char.IsAsciiLetterOrDigit(character))
            {
                return false;
            }

            if (isSign && !char.IsAsciiLetterOrDigit(before))
            {
                return false;
            }

            label = character == '.' ? i + 1 : label;
            before = character;
        }

        return char.IsAsciiLetterOrDigit(before) && char.IsAsciiLetter(rest[label]);
#else
        return false;
#endif
    }

    /// <summary>True for a data URI of any length. It is not parsed: <see cref="Uri"/> refuses long ones on some frameworks.</summary>
    public static bool IsDataUri(string url) =>
        url.StartsWith(DataScheme, StringComparison.OrdinalIgnoreCase) && url.IndexOf(',') >= DataScheme.Length;
}
