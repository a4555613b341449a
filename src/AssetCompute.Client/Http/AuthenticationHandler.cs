using System.Net;
using AssetCompute.Client.Authentication;

namespace AssetCompute.Client.Http;

/// <summary>
/// Signs each attempt with the current token. After a 401 it renews the token once and repeats the attempt. It sends no request without a token, and none to
/// a host that is not allowed.
/// </summary>
internal sealed class AuthenticationHandler(IAccessTokenProvider tokens, Func<AssetComputeIdentity> identity, Func<Uri, bool> isAllowed) : DelegatingHandler
{
    /// <inheritdoc/>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        RequireAllowed(request.RequestUri, HttpOperation.Of(request)?.Url);
        AccessToken token = await tokens.GetTokenAsync(rejected: null, cancellationToken).ConfigureAwait(false);
        Sign(request, token);
        HttpResponseMessage response = await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        if (response.StatusCode != HttpStatusCode.Unauthorized)
        {
            return response;
        }

        AccessToken next;
        try
        {
            next = await tokens.GetTokenAsync(rejected: token, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            response.Dispose();
            throw;
        }

        if (string.Equals(next.Value, token.Value, StringComparison.Ordinal))
        {
            return response;
        }

        response.Dispose();
        Sign(request, next);
        return await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
    }

    /// <param name="uri">The destination of the request.</param>
    /// <param name="named">The destination that the SDK has set. Service discovery of the application may replace the name with an address.</param>
    private void RequireAllowed(Uri? uri, Uri? named)
    {
        string? problem = uri is not { IsAbsoluteUri: true } ? "The request has no absolute URL"
            : !SecureUrl.IsValid(uri) ? $"{Shown(uri)} is not https"
            : !isAllowed(named ?? uri) ? $"{Shown(uri)} is neither the service that the options name nor the journal that the service has named"
            : null;
        if (problem is not null)
        {
            throw new AssetComputeAuthenticationException($"{problem}: the access token is not sent there.");
        }
    }

    /// <summary>Returns scheme, host and port. A path or a query may contain a secret.</summary>
    private static string Shown(Uri uri) => uri.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped);

    private void Sign(HttpRequestMessage request, AccessToken token)
    {
        AssetComputeIdentity client = token.Identity ?? identity();
        Set("Authorization", "Bearer " + token.Value);
        Set("x-gw-ims-org-id", client.OrganizationId);
        Set("x-ims-org-id", client.OrganizationId);
        Set("x-api-key", client.ClientId);

        void Set(string name, string value)
        {
            request.Headers.Remove(name);
            request.Headers.TryAddWithoutValidation(name, value);
        }
    }
}
