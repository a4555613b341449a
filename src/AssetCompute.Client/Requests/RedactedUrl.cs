namespace AssetCompute.Client;

/// <summary>
/// The part of a URL that is safe to show: no query string, user info or fragment, which may contain a signature; only the head of a data URI.
/// </summary>
internal static class RedactedUrl
{
    public static string Of(Uri? url) => url is null ? "" : Of(url.OriginalString);

    public static string Of(string? url)
    {
        if (string.IsNullOrEmpty(url))
        {
            return "";
        }

        if (url!.StartsWith("data:", StringComparison.OrdinalIgnoreCase))
        {
            int comma = url.IndexOf(',');
            return comma is >= 0 and < 200 ? url.Substring(0, comma) + ",…" : "data:…";
        }

        int end = url.IndexOfAny(['?', '#']);
        string shown = end < 0 ? url : url.Substring(0, end);
        int authority = shown.IndexOf("://", StringComparison.Ordinal);
        if (authority >= 0)
        {
            int start = authority + 3;
            int path = shown.IndexOf('/', start);
            int at = shown.LastIndexOf('@', path < 0 ? shown.Length - 1 : path);
            if (at >= start)
            {
                shown = shown.Remove(start, at + 1 - start);
            }
        }

        return end < 0 ? shown : shown + "?…";
    }
}
