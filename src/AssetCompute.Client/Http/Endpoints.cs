namespace AssetCompute.Client.Http;

/// <summary>Where a token or a signed URL may be sent.</summary>
internal static class Endpoints
{
    /// <summary>True for an absolute https URL, and for http to this very machine.</summary>
    public static bool MayCarryCredentials(Uri url) =>
        url.IsAbsoluteUri && (url.Scheme == Uri.UriSchemeHttps || (url.Scheme == Uri.UriSchemeHttp && url.IsLoopback));
}
