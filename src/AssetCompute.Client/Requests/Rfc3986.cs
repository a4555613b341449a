using System.Text;

namespace AssetCompute.Client;

/// <summary>The characters that RFC 3986 allows in a URL. If a URL has any other character, Adobe's worker sends no event at all.</summary>
internal static class Rfc3986
{
    /// <summary>Returns the index of the first character that must be escaped, or -1 if there is none.</summary>
    public static int IndexOfInvalid(string url)
    {
        (int, int) host = Authority(url);
        int fragment = url.IndexOf('#');
        for (int i = 0; i < url.Length; i++)
        {
            if (!IsValid(url, i, host, fragment))
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
        if (IndexOfInvalid(text) < 0)
        {
            return text;
        }

        (int Start, int End) host = Authority(text);
        if (url.IsAbsoluteUri && url.Host != url.IdnHost && url.HostNameType == UriHostNameType.Dns)
        {
            // A host name is not escaped: it has a separate ASCII form.
            text = text.Substring(0, host.Start) + url.UserInfo + (url.UserInfo.Length > 0 ? "@" : "") + url.IdnHost + (url.IsDefaultPort ? "" : ":" + url.Port) + text.Substring(host.End);
            host = Authority(text);
        }

        int fragment = text.IndexOf('#');
        StringBuilder escaped = new(text.Length + 16);
        for (int i = 0; i < text.Length; i++)
        {
            if (IsValid(text, i, host, fragment))
            {
                escaped.Append(text[i]);
            }
            else
            {
                int length = char.IsSurrogatePair(text, i) ? 2 : 1;
                escaped.Append(Uri.EscapeDataString(text.Substring(i, length)));
                i += length - 1;
            }
        }

        return escaped.ToString();
    }

    private static bool IsValid(string url, int index, (int Start, int End) host, int fragment) => url[index] switch
    {
        '%' => index + 2 < url.Length && IsHex(url[index + 1]) && IsHex(url[index + 2]),
        '[' or ']' => index >= host.Start && index < host.End,
        '#' => index == fragment,
        '-' or '.' or '_' or '~' or ':' or '/' or '?' or '@' or '!' or '$' or '&' or '\'' or '(' or ')' or '*' or '+' or ',' or ';' or '=' => true,
        char other => other is (>= 'a' and <= 'z') or (>= 'A' and <= 'Z') or (>= '0' and <= '9'),
    };

    private static (int Start, int End) Authority(string url)
    {
        int start = url.IndexOf("://", StringComparison.Ordinal);
        if (start < 0)
        {
            return (0, 0);
        }

        int end = url.IndexOfAny(['/', '?', '#'], start + 3);
        return (start + 3, end < 0 ? url.Length : end);
    }

    private static bool IsHex(char character) => character is (>= 'a' and <= 'f') or (>= 'A' and <= 'F') or (>= '0' and <= '9');
}
