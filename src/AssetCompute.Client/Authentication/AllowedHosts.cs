using System.Collections.Concurrent;
using Microsoft.Extensions.Options;

namespace AssetCompute.Client.Authentication;

/// <summary>The hosts that an account's token may be sent to: the service, and the journal that it has named. Scheme, host and port must match.</summary>
internal sealed class AllowedHosts(string account, IOptionsMonitor<AssetComputeOptions> options)
{
    private readonly ConcurrentDictionary<string, bool> _named = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Allows a host that the service has returned, such as the host of the journal.</summary>
    public void Allow(Uri uri) => _named[KeyOf(uri)] = true;

    public bool IsAllowed(Uri uri) => uri.IsAbsoluteUri && (IsSame(uri, options.Get(account).Endpoint) || _named.ContainsKey(KeyOf(uri)));

    private static bool IsSame(Uri uri, Uri other) =>
        uri.Port == other.Port && uri.Scheme == other.Scheme && string.Equals(uri.IdnHost, other.IdnHost, StringComparison.OrdinalIgnoreCase);

    private static string KeyOf(Uri uri) => $"{uri.Scheme}://{uri.IdnHost}:{uri.Port}";
}
