using System.Text;
using System.Text.RegularExpressions;

namespace AssetCompute.Emulator;

/// <summary>A parsed data URI. It can be several megabytes long, which <see cref="Uri"/> does not support.</summary>
internal sealed partial record DataUri(string MediaType, byte[] Content)
{
    public static bool Is(string url) => url.StartsWith("data:", StringComparison.OrdinalIgnoreCase);

    /// <summary>Parses a data URI. Returns <see langword="null"/> if the text is not valid.</summary>
    public static DataUri? Parse(string url)
    {
        var comma = url.IndexOf(',', StringComparison.Ordinal);
        if (comma < 0 || Head().Match(url[..comma]) is not { Success: true } head)
        {
            return null;
        }

        var mediaType = head.Groups["type"].Value is { Length: > 0 } given ? given.ToLowerInvariant() : "text/plain";
        var payload = Uri.UnescapeDataString(url[(comma + 1)..]);
        if (!head.Groups["base64"].Success)
        {
            return new(mediaType, Encoding.UTF8.GetBytes(payload));
        }

        var bytes = new byte[payload.Length];
        return Convert.TryFromBase64String(payload, bytes, out var length) ? new(mediaType, bytes[..length]) : null;
    }

    /// <summary>The part before the comma, as Adobe's worker validates it: no spaces, and no type without a slash.</summary>
    [GeneratedRegex(@"\Adata:((?<type>[a-z]+/[a-z0-9.+-]+)(;[a-z0-9.!#$%*+{}|~`-]+=[a-z0-9.!#$%*+{}|~`-]+)*)?(?<base64>;base64)?\z", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Head();
}
