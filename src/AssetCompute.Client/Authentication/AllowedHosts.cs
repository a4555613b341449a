using Microsoft.Extensions.Options;

namespace AssetCompute.Client.Authentication;

/// <summary>
/// Where an account's bearer token may go: the service that its options name, and the journal that this service has named in its answer to
/// <c>/register</c>. Scheme, host and port all count.
/// </summary>
internal sealed class AllowedHosts(string account, IOptionsMonitor<AssetComputeOptions> options)
{
    private readonly object _gate = new();
    private Uri[] _told = [];

    /// <summary>Allows a host that the service has named, such as that of the journal.</summary>
    public void Allow(Uri uri)
    {
        ArgumentNullException.ThrowIfNull(uri);
        lock (_gate)
        {
            if (!Contains(_told, uri))
            {
                _told = [.. _told, uri];
            }
        }
    }

    public bool IsAllowed(Uri uri) => SameHost(options.Get(account).Endpoint, uri) || Contains(Volatile.Read(ref _told), uri);

    private static bool Contains(Uri[] hosts, Uri uri)
    {
        foreach (Uri host in hosts)
        {
            if (SameHost(host, uri))
            {
                return true;
            }
        }

        return false;
    }

    private static bool SameHost(Uri left, Uri right) =>
        left.IsAbsoluteUri
        && right.IsAbsoluteUri
        && left.Port == right.Port
        && string.Equals(left.Scheme, right.Scheme, StringComparison.OrdinalIgnoreCase)
        && string.Equals(left.IdnHost, right.IdnHost, StringComparison.OrdinalIgnoreCase);
}
