using System.Text.RegularExpressions;

namespace AssetCompute.Client;

/// <summary>The part of a URL that is safe to show: no query, user info or fragment, which may contain a signature; only the head of a data URI.</summary>
internal static class RedactedUrl
{
    public static string Of(Uri? url) => Of(url?.OriginalString);

    public static string Of(string? url)
    {
        if (url is null)
        {
            return "";
        }

        if (url.StartsWith("data:", StringComparison.OrdinalIgnoreCase))
        {
            int comma = url.IndexOf(',');
            return comma is >= 0 and < 200 ? url.Substring(0, comma) + ",…" : "data:…";
        }

        string[] parts = url.Split(['?', '#'], 2);
        string shown = parts[0].IndexOf('@') < 0 ? parts[0] : Regex.Replace(parts[0], "(?<=://)[^/]*@", "");
        return parts.Length == 1 ? shown : shown + "?…";
    }
}
