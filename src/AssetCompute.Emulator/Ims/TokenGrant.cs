namespace AssetCompute.Emulator;

/// <summary>The content of a valid access token.</summary>
internal sealed record TokenGrant(string Id, string ClientId, string UserId, string Scope, DateTimeOffset ExpiresAt)
{
    public bool HasScope(string scope) => Scope.Split(',').Contains(scope, StringComparer.Ordinal);
}
