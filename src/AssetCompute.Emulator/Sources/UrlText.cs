using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace AssetCompute.Emulator;

/// <summary>URLs as Adobe's worker accepts them. It refuses characters that RFC 3986 does not allow, such as a raw umlaut or space.</summary>
internal static partial class UrlText
{
    /// <summary>Reads an absolute URL.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out Uri? url)
    {
        url = null;
        return text is not null && Allowed().IsMatch(text) && Uri.TryCreate(text, UriKind.Absolute, out url);
    }

    [GeneratedRegex(@"\A(?:[A-Za-z0-9:/?#\[\]@!$&'()*+,;=._~-]|%[0-9A-Fa-f]{2})+\z", RegexOptions.NonBacktracking)]
    private static partial Regex Allowed();
}
