using AssetCompute.Client.Authentication;

namespace AssetCompute.Client.Benchmarks;

/// <summary>Provides a token without an identity service.</summary>
internal sealed class FixedTokenProvider : IAccessTokenProvider
{
    private readonly AccessToken _token = new("benchmark", DateTimeOffset.MaxValue);

    public ValueTask<AccessToken> GetTokenAsync(AccessToken? rejected, CancellationToken cancellationToken) => new(_token);
}
