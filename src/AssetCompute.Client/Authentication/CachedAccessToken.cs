namespace AssetCompute.Client.Authentication;

/// <summary>
/// A token with the times that matter to the cache. It never changes; a newer one takes its place.
/// </summary>
internal sealed class CachedAccessToken
{
    private static readonly TimeSpan LongestLead = TimeSpan.FromMinutes(5);

    public CachedAccessToken(AccessToken token, TimeSpan lifetime, string key, int credentialsVersion = -1)
    {
        Token = token;
        Lifetime = lifetime;
        Key = key;
        CredentialsVersion = credentialsVersion;

        var tenth = new TimeSpan(lifetime.Ticks / 10);
        TimeSpan lead = tenth < LongestLead ? tenth : LongestLead;
        RefreshOn = token.ExpiresOn - lead;

        // A request needs time to arrive: a token is not handed out in the last moment of its life.
        ServesUntil = token.ExpiresOn - new TimeSpan(lead.Ticks / 10);
    }

    public AccessToken Token { get; }

    public TimeSpan Lifetime { get; }

    /// <summary>Which credentials it was issued to (<see cref="ImsCredentials.TokenKey"/>).</summary>
    public string Key { get; }

    /// <summary>The <see cref="CredentialsResolver.Version"/> that it was last held against.</summary>
    public int CredentialsVersion { get; }

    /// <summary>From here on a new one is fetched in the background.</summary>
    public DateTimeOffset RefreshOn { get; }

    /// <summary>From here on callers wait for the new one.</summary>
    public DateTimeOffset ServesUntil { get; }

    /// <summary>True where there is nothing to be had by asking for another.</summary>
    public bool IsFresh(DateTimeOffset now, AccessToken? rejected) => now < RefreshOn && !Is(rejected);

    public bool Is(AccessToken? other) =>
        other is not null && (ReferenceEquals(Token, other) || string.Equals(Token.Value, other.Value, StringComparison.Ordinal));

    public CachedAccessToken WithCredentialsVersion(int version) =>
        version == CredentialsVersion ? this : new CachedAccessToken(Token, Lifetime, Key, version);
}
