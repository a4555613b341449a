namespace AssetCompute.Client.Authentication;

/// <summary>
/// Provides access tokens. The SDK has a provider for Adobe's credentials. Implement this interface to use tokens from another source.
/// </summary>
public interface IAccessTokenProvider
{
    /// <summary>Returns a valid access token. Called for every attempt of every request, so an implementation caches its token.</summary>
    /// <param name="rejected">
    /// The token that the service has just rejected (401), or null. An implementation that still holds this token gets a new one. One that holds
    /// another token returns that.
    /// </param>
    /// <param name="cancellationToken">Cancels the wait of this caller, not of others.</param>
    /// <returns>The token.</returns>
    /// <exception cref="AssetComputeAuthenticationException">A token could not be obtained.</exception>
    ValueTask<AccessToken> GetTokenAsync(AccessToken? rejected, CancellationToken cancellationToken);
}
