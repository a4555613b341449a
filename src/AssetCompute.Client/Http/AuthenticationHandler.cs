using System.Net;
using AssetCompute.Client.Authentication;

namespace AssetCompute.Client.Http;

/// <summary>
/// Signs each attempt of a request: the innermost of the handlers, so that a later attempt carries the token of its own moment. Without a
/// token nothing is sent, and nothing is sent to a host that was not named.
/// </summary>
internal sealed class AuthenticationHandler : DelegatingHandler
{
    private readonly IAccessTokenProvider _tokens;
    private readonly Func<AssetComputeIdentity> _identity;
    private readonly Func<Uri, bool> _isAllowed;
    private Signature? _signature;

    /// <summary>A handler for one account.</summary>
    /// <param name="tokens">Where the account's tokens come from.</param>
    /// <param name="identity">The organization and client, for tokens that do not say whose they are.</param>
    /// <param name="isAllowed">Which hosts may see the token; that they are reached over https is checked here.</param>
    public AuthenticationHandler(IAccessTokenProvider tokens, Func<AssetComputeIdentity> identity, Func<Uri, bool> isAllowed)
    {
        _tokens = tokens;
        _identity = identity;
        _isAllowed = isAllowed;
    }

    /// <inheritdoc/>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        RequireAllowed(request.RequestUri, HttpOperation.Of(request)?.Url);
        AccessToken token = await _tokens.GetTokenAsync(rejected: null, cancellationToken).ConfigureAwait(false);
        Sign(request, token);
        HttpResponseMessage response = await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        if (response.StatusCode != HttpStatusCode.Unauthorized)
        {
            return response;
        }

        AccessToken next;
        try
        {
            next = await _tokens.GetTokenAsync(rejected: token, cancellationToken).ConfigureAwait(false);
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

    /// <param name="uri">Where the request goes.</param>
    /// <param name="named">Where the SDK has sent it; service discovery, which the application has added, puts an address in the place of the name.</param>
    private void RequireAllowed(Uri? uri, Uri? named)
    {
        if (uri is not { IsAbsoluteUri: true })
        {
            throw new AssetComputeAuthenticationException("The request has no absolute URL: the access token is not sent.");
        }

        if (!SecureUrl.IsValid(uri))
        {
            throw new AssetComputeAuthenticationException($"{Shown(uri)} is not https: the access token is not sent there.");
        }

        if (!_isAllowed(named ?? uri))
        {
            throw new AssetComputeAuthenticationException(
                $"{Shown(uri)} is neither the service that the options name nor the journal that the service has named: the access token is not sent there.");
        }
    }

    /// <summary>Scheme, host and port: a path or a query may hold what must not be shown.</summary>
    private static string Shown(Uri uri) => uri.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped);

    private void Sign(HttpRequestMessage request, AccessToken token)
    {
        AssetComputeIdentity identity = token.Identity ?? _identity();
        Signature? signature = Volatile.Read(ref _signature);
        if (signature is null || !ReferenceEquals(signature.Token, token) || !ReferenceEquals(signature.Identity, identity))
        {
            signature = new Signature(token, identity);
            Volatile.Write(ref _signature, signature);
        }

        foreach (KeyValuePair<string, string> header in signature.Headers)
        {
            request.Headers.Remove(header.Key);
            if (!request.Headers.TryAddWithoutValidation(header.Key, header.Value))
            {
                throw new AssetComputeAuthenticationException($"The header '{header.Key}' cannot be set: the request is not sent without it.");
            }
        }
    }

    /// <summary>The headers of one token, built once.</summary>
    private sealed class Signature(AccessToken token, AssetComputeIdentity identity)
    {
        public AccessToken Token { get; } = token;

        public AssetComputeIdentity Identity { get; } = identity;

        public KeyValuePair<string, string>[] Headers { get; } =
        [
            new("Authorization", token.AuthorizationHeader),
            new("x-gw-ims-org-id", identity.OrganizationId),
            new("x-ims-org-id", identity.OrganizationId),
            new("x-api-key", identity.ClientId),
        ];
    }
}
