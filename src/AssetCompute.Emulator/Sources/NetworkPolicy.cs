namespace AssetCompute.Emulator;

/// <summary>
/// Which URLs the emulator itself calls. It fetches and writes what its callers name, so without a bound it would be a way into
/// every network that its machine can reach.
/// </summary>
internal sealed class NetworkPolicy(IEnumerable<string> allowedHosts)
{
    private readonly HashSet<string> _hosts = new(allowedHosts, StringComparer.OrdinalIgnoreCase);

    /// <summary>Why a URL is refused, or <see langword="null"/> when it is allowed.</summary>
    public string? Refusal(Uri url)
    {
        var isWeb = url.Scheme == Uri.UriSchemeHttp || url.Scheme == Uri.UriSchemeHttps;
        if (isWeb && (url.IsLoopback || IsAllowedOrigin(url)))
        {
            return null;
        }

        if (url.Scheme != Uri.UriSchemeHttps)
        {
            return $"{url.Scheme} URLs are refused; only https, and http on the loopback interface, are allowed";
        }

        return _hosts.Contains("*") || _hosts.Contains(url.Host)
            ? null
            : $"the host {url.Host} is not on the emulator's list of allowed hosts";
    }

    /// <summary>Entries with a scheme, such as <c>http://minio:9000</c>, name an origin and may be plain http.</summary>
    private bool IsAllowedOrigin(Uri url) => _hosts.Contains(url.GetLeftPart(UriPartial.Authority));
}
