using Microsoft.Extensions.Logging;

namespace AssetCompute.Client.Authentication;

/// <summary>
/// Where an account's next token comes from: the one at hand if it still fits the credentials, else the one that another process has left,
/// else the identity service.
/// </summary>
internal sealed class AccessTokenSource(
    CredentialsResolver credentials, ImsTokenClient ims, SharedAccessTokens? shared, TimeProvider time, ILogger logger)
{
    /// <summary>A token that is good for some time.</summary>
    /// <param name="current">The one at hand; null when there is none.</param>
    /// <param name="rejected">One that the service has refused, not to be had again; or null.</param>
    /// <param name="credentialsVersion">The version of the credentials that the caller has seen.</param>
    /// <param name="cancellationToken">Ends the asking.</param>
    /// <exception cref="AssetComputeAuthenticationException">No token can be had.</exception>
    public async Task<CachedAccessToken> ObtainAsync(
        CachedAccessToken? current, AccessToken? rejected, int credentialsVersion, CancellationToken cancellationToken)
    {
        ImsCredentials now = credentials.Resolve();

        // Options change for many reasons: only another client, host or scope makes a good token a wrong one.
        bool fits = current is not null && string.Equals(current.Key, now.TokenKey, StringComparison.Ordinal);
        if (fits && current!.IsFresh(time.GetUtcNow(), rejected))
        {
            return current.WithCredentialsVersion(credentialsVersion);
        }

        CachedAccessToken? token = shared is null ? null : await ReadSharedAsync(shared, now, rejected, cancellationToken).ConfigureAwait(false);
        if (token is null)
        {
            token = await ims.RequestAsync(now, cancellationToken).ConfigureAwait(false);
            AuthenticationLog.TokenObtained(logger, now.Identity.ClientId, token.Token.ExpiresOn);
            if (shared is not null)
            {
                await shared.WriteAsync(token, cancellationToken).ConfigureAwait(false);
            }
        }

        return token.WithCredentialsVersion(credentialsVersion);
    }

    private async Task<CachedAccessToken?> ReadSharedAsync(SharedAccessTokens from, ImsCredentials now, AccessToken? rejected, CancellationToken cancellationToken)
    {
        CachedAccessToken? token = await from.ReadAsync(now, cancellationToken).ConfigureAwait(false);
        if (token is null || !token.IsFresh(time.GetUtcNow(), rejected))
        {
            return null;
        }

        AuthenticationLog.TokenShared(logger, now.Identity.ClientId, token.Token.ExpiresOn);
        return token;
    }
}
