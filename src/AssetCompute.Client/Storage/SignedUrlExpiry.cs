using System.Globalization;

namespace AssetCompute.Client.Storage;

/// <summary>When a signed URL expires, by its own query: <c>X-Amz-Date</c> and <c>X-Amz-Expires</c> of Amazon S3, <c>se</c> of Azure.</summary>
internal static class SignedUrlExpiry
{
    /// <returns>Null where the URL does not say.</returns>
    public static DateTimeOffset? Of(string url)
    {
        if (Field(url, "se") is { } end)
        {
            return DateTimeOffset.TryParse(end, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset expiry) ? expiry : null;
        }

        return DateTimeOffset.TryParseExact(Field(url, "X-Amz-Date"), "yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset signed)
            && int.TryParse(Field(url, "X-Amz-Expires"), NumberStyles.None, CultureInfo.InvariantCulture, out int seconds)
            ? signed.AddSeconds(seconds)
            : null;
    }

    private static string? Field(string url, string name) => url.Substring(url.IndexOf('?') + 1).Split('&')
        .Where(field => field.StartsWith(name + "=", StringComparison.Ordinal))
        .Select(field => Uri.UnescapeDataString(field.Substring(name.Length + 1)))
        .FirstOrDefault();
}
