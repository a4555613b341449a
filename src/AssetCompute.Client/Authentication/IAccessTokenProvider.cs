namespace AssetCompute.Client.Authentication;

/// <summary>
/// Where access tokens come from. The SDK has its own for Adobe's credentials; implement this to bring tokens from elsewhere.
/// </summary>
public interface IAccessTokenProvider
{
    /// <summary>A token that is good now. Called for every attempt of every request, so an implementation keeps the token it has.</summary>
    /// <param name="rejected">
    /// The token that the service has just refused (401), or null. An implementation that still holds this very token gets a new one; one that
    /// holds another already returns that.
    /// </param>
    /// <param name="cancellationToken">Cancels the wait of this caller, not of others.</param>
    /// <returns>The token.</returns>
    /// <exception cref="AssetComputeAuthenticationException">No token can be had.</exception>
    ValueTask<AccessToken> GetTokenAsync(AccessToken? rejected, CancellationToken cancellationToken);
}
