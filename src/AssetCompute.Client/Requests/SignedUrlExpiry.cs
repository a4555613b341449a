using System.Globalization;

namespace AssetCompute.Client;

/// <summary>
/// Reads when a signed URL expires, from its query: <c>X-Amz-Date</c> and <c>X-Amz-Expires</c> of Amazon S3, <c>se</c> of Azure, and similar ones. Older
/// signatures and those of content delivery networks have seconds since 1970, the emulator's milliseconds.
/// </summary>
internal static class SignedUrlExpiry
{
    private const long MostSeconds = 100_000_000_000;

    /// <returns>The expiry; null if the URL does not have it.</returns>
    public static DateTimeOffset? Of(string url) =>
        DateTimeOffset.TryParse(Field(url, "se"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset expiry) ? expiry
        : DateTimeOffset.TryParseExact(Field(url, "X-Amz-Date") ?? Field(url, "X-Goog-Date"), "yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset signed)
            && int.TryParse(Field(url, "X-Amz-Expires") ?? Field(url, "X-Goog-Expires"), NumberStyles.None, CultureInfo.InvariantCulture, out int seconds) ? signed.AddSeconds(seconds)
        : long.TryParse(Field(url, "Expires") ?? Field(url, "se"), NumberStyles.None, CultureInfo.InvariantCulture, out long count) && count < MostSeconds * 1000
            ? count < MostSeconds ? DateTimeOffset.FromUnixTimeSeconds(count) : DateTimeOffset.FromUnixTimeMilliseconds(count)
        : null;

    /// <summary>Returns a text that says that a URL had expired at a time; null if its query does not show it, or if the time is unknown.</summary>
    public static string? TextOf(string what, string? url, DateTimeOffset? time) => url is not null && Of(url) is { } expiry && expiry <= time
        ? string.Format(CultureInfo.InvariantCulture, "the URL of the {0} had expired at {1:yyyy-MM-dd'T'HH:mm:ss'Z'}", what, expiry.UtcDateTime)
        : null;

    private static string? Field(string url, string name) => url.Substring(url.IndexOf('?') + 1).Split('#')[0].Split('&')
        .Where(field => field.StartsWith(name + "=", StringComparison.OrdinalIgnoreCase))
        .Select(field => Uri.UnescapeDataString(field.Substring(name.Length + 1)))
        .FirstOrDefault();
}
