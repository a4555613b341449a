namespace AssetCompute.Emulator;

/// <summary>
/// Which URLs the emulator itself calls. It fetches and writes what its callers name, so without a bound it would be a way into
/// every network that its machine can reach.
/// </summary>
internal sealed class NetworkPolicy(IEnumerable<string> allowedHosts, UrlSigner signer, Func<Uri> origin)
{
    private readonly HashSet<string> _hosts = new(allowedHosts, StringComparer.OrdinalIgnoreCase);

    /// <summary>
    /// Where a URL is called. One that this emulator signed is its own storage, by whatever name its caller reached it (in a container
    /// it does not know them all): it is called at the emulator's own address, so that the name opens no other.
    /// </summary>
    public Uri AddressOf(Uri url) => IsOwn(url) ? new Uri(origin(), url.PathAndQuery) : url;

    /// <summary>Whether this emulator signed a URL.</summary>
    public bool IsOwn(Uri url) => IsWeb(url) && signer.HasSigned(url);

    /// <summary>Why a URL is refused, or <see langword="null"/> when it is allowed.</summary>
    public string? Refusal(Uri url)
    {
        if (IsWeb(url) && (url.IsLoopback || AuthorityOf(url) == AuthorityOf(origin()) || IsAllowedOrigin(url)))
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

    private static bool IsWeb(Uri url) => url.Scheme == Uri.UriSchemeHttp || url.Scheme == Uri.UriSchemeHttps;

    private static string AuthorityOf(Uri url) => url.GetLeftPart(UriPartial.Authority);

    /// <summary>Entries with a scheme, such as <c>http://minio:9000</c>, name an origin and may be plain http.</summary>
    private bool IsAllowedOrigin(Uri url) => _hosts.Contains(AuthorityOf(url));
}
