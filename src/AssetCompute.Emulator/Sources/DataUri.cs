using System.Text;

namespace AssetCompute.Emulator;

/// <summary>A data URI taken apart. Megabytes long, it is more than <see cref="Uri"/> takes.</summary>
internal sealed record DataUri(string MediaType, byte[] Content)
{
    private const string Scheme = "data:";

    public static bool Is(string url) => url.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase);

    /// <summary>The parts, or <see langword="null"/> for text that is no valid data URI.</summary>
    public static DataUri? Parse(string url)
    {
        var comma = url.IndexOf(',', StringComparison.Ordinal);
        if (!Is(url) || comma < 0)
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
}
