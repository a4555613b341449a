using AssetCompute.Client;
using AssetCompute.Client.Authentication;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers health checks of accounts.</summary>
public static class AssetComputeHealthChecksBuilderExtensions
{
    /// <summary>
    /// Checks that an account can sign in: unhealthy when it has no valid access token and cannot get one. The check uses the cached token, so it
    /// sends at most the token requests that a call would send, and none to the Asset Compute Service.
    /// </summary>
    /// <param name="builder">The health checks.</param>
    /// <param name="account">The name of the account. Default: the account without a name.</param>
    /// <param name="failureStatus">The status of a failure. Default: <see cref="HealthStatus.Unhealthy"/>.</param>
    /// <param name="tags">The tags of the check. Default: none.</param>
    /// <returns>The health checks.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> is null.</exception>
    public static IHealthChecksBuilder AddAssetCompute(this IHealthChecksBuilder builder, string? account = null, HealthStatus? failureStatus = null, IEnumerable<string>? tags = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        string key = account ?? Options.Options.DefaultName;
        return builder.Add(new HealthCheckRegistration(
            key.Length == 0 ? "asset-compute" : $"asset-compute-{key}",
            provider => new AccountHealthCheck(
                provider.GetKeyedService<IAccessTokenProvider>(key)
                    ?? throw new InvalidOperationException(key.Length == 0 ? "No account is registered: call AddAssetCompute." : $"There is no account '{key}': register it with AddAssetCompute."),
                provider.GetRequiredKeyedService<CredentialsResolver>(key).GetIdentity),
            failureStatus,
            tags));
    }
}
