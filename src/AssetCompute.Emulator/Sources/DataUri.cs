using System.Text;
using System.Text.RegularExpressions;

namespace AssetCompute.Emulator;

/// <summary>A parsed data URI. It can be several megabytes long, which <see cref="Uri"/> does not support.</summary>
internal sealed partial record DataUri(string MediaType, byte[] Content)
{
    private const string Scheme = "data:";

    public static bool Is(string url) => url.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase);

    /// <summary>Parses a data URI. Returns <see langword="null"/> if the text is not valid.</summary>
    public static DataUri? Parse(string url)
    {
        var comma = url.IndexOf(',', StringComparison.Ordinal);
        if (!Is(url) || comma < 0 || !Head().IsMatch(url[Scheme.Length..comma]))
        {
            return null;
        }

        var parameters = url[Scheme.Length..comma].Split(';');
        var mediaType = parameters[0].Trim() is { Length: > 0 } given ? given.ToLowerInvariant() : "text/plain";
        var payload = url[(comma + 1)..];
        if (!parameters[^1].Trim().Equals("base64", StringComparison.OrdinalIgnoreCase))
        {
            return new(mediaType, Encoding.UTF8.GetBytes(Uri.UnescapeDataString(payload)));
        }

        try
        {
            return new(mediaType, Convert.FromBase64String(payload.Contains('%', StringComparison.Ordinal) ? Uri.UnescapeDataString(payload) : payload));
        }
        catch (FormatException)
        {
            return null;
        }
    }

    /// <summary>The part before the comma, as Adobe's worker validates it: no spaces, and no type without a slash.</summary>
    [GeneratedRegex(@"\A([a-z]+/[a-z0-9.+-]+(;[a-z0-9.!#$%*+{}|~`-]+=[a-z0-9.!#$%*+{}|~`-]+)*)?(;base64)?\z", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Head();
}
