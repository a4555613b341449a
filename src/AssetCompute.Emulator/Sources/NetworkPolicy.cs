namespace AssetCompute.Emulator;

/// <summary>
/// Determines which URLs the emulator calls. It reads and writes URLs from its callers, so without restrictions it would give access to every network that its
/// machine can reach.
/// </summary>
internal sealed class NetworkPolicy(IEnumerable<string> allowedHosts, UrlSigner signer, Func<Uri> origin)
{
    private readonly HashSet<string> _hosts = new(allowedHosts, StringComparer.OrdinalIgnoreCase);

    /// <summary>
    /// Returns the URL to call. A URL that this emulator signed belongs to its own storage, under whatever name the caller reached it. (In a container, the
    /// emulator does not know all its names.) It is called at the emulator's own address, so that the name gives access to nothing else.
    /// </summary>
    public Uri AddressOf(Uri url) => IsOwn(url) ? new Uri(origin(), url.PathAndQuery) : url;

    /// <summary>Whether this emulator signed a URL.</summary>
    public bool IsOwn(Uri url) => IsWeb(url) && signer.HasSigned(url);

    /// <summary>Returns the reason why a URL is refused, or <see langword="null"/> if it is allowed.</summary>
    public string? Refusal(Uri url) =>
        IsWeb(url) && (url.IsLoopback || IsAllowed(AuthorityOf(url))) ? null
        : url.Scheme != Uri.UriSchemeHttps ? $"{url.Scheme} URLs are refused; only https, and http on the loopback interface, are allowed"
        : _hosts.Contains("*") || _hosts.Contains(url.Host) ? null
        : $"the host {url.Host} is not on the emulator's list of allowed hosts";

    /// <summary>Whether an origin is that of the emulator or in the list. Entries with a scheme, such as <c>http://minio:9000</c>, allow plain HTTP.</summary>
    private bool IsAllowed(string authority) => authority == AuthorityOf(origin()) || _hosts.Contains(authority);

    private static bool IsWeb(Uri url) => url.Scheme == Uri.UriSchemeHttp || url.Scheme == Uri.UriSchemeHttps;

    private static string AuthorityOf(Uri url) => url.GetLeftPart(UriPartial.Authority);
}
