using System.Globalization;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace AssetCompute.Client.Authentication;

/// <summary>Checks that an account has a valid access token, or can get one.</summary>
internal sealed class AccountHealthCheck(IAccessTokenProvider tokens, Func<AssetComputeIdentity> getIdentity) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            AccessToken token = await tokens.GetTokenAsync(rejected: null, cancellationToken).ConfigureAwait(false);
            AssetComputeIdentity identity = getIdentity();
            return HealthCheckResult.Healthy("The account has an access token.", new Dictionary<string, object>
            {
                ["clientId"] = identity.ClientId,
                ["organizationId"] = identity.OrganizationId,
                ["tokenExpiresOn"] = token.ExpiresOn.ToString("O", CultureInfo.InvariantCulture),
            });
        }
        catch (AssetComputeAuthenticationException exception)
        {
            return new HealthCheckResult(context.Registration.FailureStatus, exception.Message, exception);
        }
    }
}
