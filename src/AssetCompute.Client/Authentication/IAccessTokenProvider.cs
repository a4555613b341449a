namespace AssetCompute.Client.Authentication;

/// <summary>Provides access tokens. The SDK has a provider for Adobe's credentials. Implement this interface to use tokens from another source.</summary>
public interface IAccessTokenProvider
{
    /// <summary>Returns a valid access token. Called for every attempt of every request, so an implementation must cache its token.</summary>
    /// <param name="rejected">
    /// The token that the service has just rejected (401), or null. If the implementation still has this token, it requests a new one. If it has another
    /// token, it returns that token.
    /// </param>
    /// <param name="cancellationToken">Cancels the wait of this caller, not of others.</param>
    /// <returns>The token.</returns>
    /// <exception cref="AssetComputeAuthenticationException">A token could not be obtained.</exception>
    ValueTask<AccessToken> GetTokenAsync(AccessToken? rejected, CancellationToken cancellationToken);
}
