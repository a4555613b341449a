using System.Net.Http.Headers;
using AssetCompute.Client;
using AssetCompute.Client.Authentication;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Sets the headers that say who is asking, until the handler that also renews tokens takes its place.</summary>
internal sealed class InterimAuthenticationHandler(IServiceProvider provider, string account) : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        AssetComputeOptions options = provider.GetRequiredService<IOptionsMonitor<AssetComputeOptions>>().Get(account);
        request.Headers.TryAddWithoutValidation("x-api-key", options.ClientId);
        request.Headers.TryAddWithoutValidation("x-gw-ims-org-id", options.OrganizationId);
        request.Headers.TryAddWithoutValidation("x-ims-org-id", options.OrganizationId);
        if (provider.GetKeyedService<IAccessTokenProvider>(account) is { } tokens)
        {
            AccessToken token = await tokens.GetTokenAsync(rejected: null, cancellationToken).ConfigureAwait(false);
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token.Value);
        }

        return await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
    }
}
