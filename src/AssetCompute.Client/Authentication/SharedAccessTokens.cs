using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using AssetCompute.Client.Diagnostics;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Logging;

namespace AssetCompute.Client.Authentication;

/// <summary>
/// An account's token in a cache that several processes share, so that a fleet fetches one token and not one each. Nothing is stored that
/// the user's protector has not encrypted, and a cache that fails costs a request for a token, never the token.
/// </summary>
internal sealed class SharedAccessTokens(string account, IDistributedCache cache, IAccessTokenProtector protector, ILogger logger)
{
    /// <summary>The token that another process has left, if it is there, readable, and meant for this account and these credentials.</summary>
    public async Task<CachedAccessToken?> ReadAsync(ImsCredentials credentials, CancellationToken cancellationToken)
    {
        try
        {
            byte[]? stored = await cache.GetAsync(EntryName(credentials.TokenKey), cancellationToken).ConfigureAwait(false);
            return stored is null ? null : Read(protector.Unprotect(stored), credentials);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            // The text of the exception is not written: it is the protector's or the parser's, and may hold what they worked on.
            AuthenticationLog.SharedTokenNotRead(logger, AccountName.Shown(account), exception.GetType().Name);
            return null;
        }
    }

    public async Task WriteAsync(CachedAccessToken token, CancellationToken cancellationToken)
    {
        try
        {
            byte[] stored = protector.Protect(Write(token));
            var options = new DistributedCacheEntryOptions { AbsoluteExpiration = token.Token.ExpiresOn };
            await cache.SetAsync(EntryName(token.Key), stored, options, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            AuthenticationLog.SharedTokenNotWritten(logger, AccountName.Shown(account), exception.GetType().Name);
        }
    }

    private CachedAccessToken? Read(byte[] plain, ImsCredentials credentials)
    {
        using var document = JsonDocument.Parse(plain);
        JsonElement entry = document.RootElement;

        // The cache's owner may have moved entries about: a protected token still says whose it is.
        if (entry.GetProperty("account").GetString() != account || entry.GetProperty("key").GetString() != credentials.TokenKey)
        {
            return null;
        }

        var expiresOn = DateTimeOffset.FromUnixTimeMilliseconds(entry.GetProperty("expires_on").GetInt64());
        var lifetime = TimeSpan.FromMilliseconds(entry.GetProperty("lifetime").GetInt64());
        var token = new AccessToken(entry.GetProperty("access_token").GetString()!, expiresOn) { Identity = credentials.Identity };
        return new CachedAccessToken(token, lifetime, credentials.TokenKey);
    }

    private byte[] Write(CachedAccessToken token)
    {
        using var json = new MemoryStream();
        using (var writer = new Utf8JsonWriter(json))
        {
            writer.WriteStartObject();
            writer.WriteString("account", account);
            writer.WriteString("key", token.Key);
            writer.WriteString("access_token", token.Token.Value);
            writer.WriteNumber("expires_on", token.Token.ExpiresOn.ToUnixTimeMilliseconds());
            writer.WriteNumber("lifetime", (long)token.Lifetime.TotalMilliseconds);
            writer.WriteEndObject();
        }

        return json.ToArray();
    }

    /// <summary>
    /// Host, client and scopes are hashed, since a cache's keys are short and shown. The account's name is part of it: one who configures
    /// another account with somebody's client id, but not his secret, does not find his token.
    /// </summary>
    private string EntryName(string tokenKey)
    {
        byte[] name = Encoding.UTF8.GetBytes(account + "\n" + tokenKey);
#if NETSTANDARD2_0
        using var sha256 = SHA256.Create();
        byte[] hash = sha256.ComputeHash(name);
#else
        byte[] hash = SHA256.HashData(name);
#endif
        return "AssetCompute.AccessToken:" + Convert.ToBase64String(hash);
    }
}
