namespace AssetCompute.Client;

/// <summary>Which URLs the service may be told to read from and write to.</summary>
internal static class SecureUrl
{
    private const string DataScheme = "data:";

    /// <summary>True for an absolute https URL, and for http to a loopback address, where nothing leaves the machine.</summary>
    public static bool IsValid(string? url) => Uri.TryCreate(url, UriKind.Absolute, out Uri? uri) && IsValid(uri);

    /// <summary>True for an absolute https URL, and for http to a loopback address, where nothing leaves the machine.</summary>
    public static bool IsValid(Uri url) =>
        url.IsAbsoluteUri
        && url.Host.Length > 0
        && (url.Scheme == Uri.UriSchemeHttps || (url.Scheme == Uri.UriSchemeHttp && url.IsLoopback));

    /// <summary>True for a data URI of any length. It is not parsed: <see cref="Uri"/> refuses long ones on some frameworks.</summary>
    public static bool IsDataUri(string url) =>
        url.StartsWith(DataScheme, StringComparison.OrdinalIgnoreCase) && url.IndexOf(',') >= DataScheme.Length;
}
