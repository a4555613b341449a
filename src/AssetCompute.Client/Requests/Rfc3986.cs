using System.Text;

namespace AssetCompute.Client;

/// <summary>The characters that RFC 3986 allows in a URL. If a URL has any other character, Adobe's worker sends no event at all.</summary>
internal static class Rfc3986
{
    private const string Marks = "-._~:/?@!$&'()*+,;=";

    /// <summary>Returns the index of the first character that must be escaped, or -1 if there is none.</summary>
    public static int IndexOfInvalid(string url, int start = 0)
    {
        (int host, int path) = Authority(url);
        int fragment = url.IndexOf('#');
        for (int i = start; i < url.Length; i++)
        {
            bool isValid = url[i] switch
            {
                (>= 'a' and <= 'z') or (>= 'A' and <= 'Z') or (>= '0' and <= '9') => true,
                '%' => Uri.IsHexEncoding(url, i),
                '[' or ']' => i >= host && i < path,
                '#' => i == fragment,
                char other => Marks.Contains(other),
            };
            if (!isValid)
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>Returns the text of a URL. Only characters that must be escaped are changed.</summary>
    public static string Escape(Uri url)
    {
        string text = url.OriginalString;
        if (IndexOfInvalid(text) >= 0 && url.IsAbsoluteUri && url.Host != url.IdnHost && url.HostNameType == UriHostNameType.Dns)
        {
            // A host name is not escaped: it has a separate ASCII form.
            (int host, int path) = Authority(text);
            text = text.Substring(0, host) + url.UserInfo + (url.UserInfo.Length > 0 ? "@" : "") + url.IdnHost + (url.IsDefaultPort ? "" : ":" + url.Port) + text.Substring(path);
        }

        StringBuilder escaped = new(text.Length);
        int start = 0;
        while (IndexOfInvalid(text, start) is >= 0 and int invalid)
        {
            int length = char.IsSurrogatePair(text, invalid) ? 2 : 1;
            escaped.Append(text, start, invalid - start).Append(Uri.EscapeDataString(text.Substring(invalid, length)));
            start = invalid + length;
        }

        return escaped.Append(text, start, text.Length - start).ToString();
    }

    /// <summary>Returns where the host begins, with the user info before it, and where it ends, with the port after it.</summary>
    private static (int Host, int Path) Authority(string url)
    {
        int scheme = url.IndexOf("://", StringComparison.Ordinal);
        int end = scheme < 0 ? 0 : url.IndexOfAny(['/', '?', '#'], scheme + 3);
        return scheme < 0 ? (0, 0) : (scheme + 3, end < 0 ? url.Length : end);
    }
}
