using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace AssetCompute.Emulator;

/// <summary>Access tokens: JWTs with the claims that Adobe's clients decode. Only the emulator verifies them, so HS256 avoids the slow creation of an RSA key.</summary>
internal sealed class AccessTokens(byte[] key, TimeProvider clock, StateLog log)
{
    private const string Kind = "revocation";

    private static readonly string Header = Base64Url.EncodeToString("""{"alg":"HS256","typ":"JWT"}"""u8);

    private readonly ConcurrentDictionary<string, TokenGrant> _invalidated = new(StringComparer.Ordinal);

    /// <summary>Part of what is signed. A new value revokes all tokens issued so far.</summary>
    private volatile string _generation = log.Read(Kind, (_, json) => JsonNode.Parse(json).StringOf()).SingleOrDefault() ?? "";

    public string Issue(EmulatorClient client, string scope, TimeSpan lifetime)
    {
        var created = clock.GetUtcNow().ToUnixTimeMilliseconds();
        var payload = new JsonObject
        {
            ["id"] = $"{created}_{Guid.NewGuid():D}_ue1",
            ["type"] = "access_token",
            ["client_id"] = client.ClientId,
            ["user_id"] = client.TechnicalAccountId,
            ["as"] = "ims-na1",
            ["scope"] = scope,
            ["created_at"] = created.ToString(CultureInfo.InvariantCulture),
            ["expires_in"] = ((long)lifetime.TotalMilliseconds).ToString(CultureInfo.InvariantCulture),
        };
        var signed = $"{Header}.{Base64Url.EncodeToString(JsonText.ToBytes(payload))}";
        return $"{signed}.{Sign(signed)}";
    }

    /// <summary>Returns the content of a token, or <see langword="null"/> if it is forged, expired, revoked or not a token.</summary>
    public TokenGrant? Verify(string token)
    {
        var dot = token.LastIndexOf('.');
        if (dot <= 0 || !CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(Sign(token[..dot])), Encoding.UTF8.GetBytes(token[(dot + 1)..])))
        {
            return null;
        }

        // Only the emulator signs tokens, so the payload is what it issued.
        var claims = JsonNode.Parse(Base64Url.DecodeFromChars(token.Split('.')[1]))!.AsObject();
        var created = DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(claims.Required("created_at"), CultureInfo.InvariantCulture));
        var lifetime = TimeSpan.FromMilliseconds(long.Parse(claims.Required("expires_in"), CultureInfo.InvariantCulture));
        var grant = new TokenGrant(claims.Required("id"), claims.Required("client_id"), claims.Required("user_id"), claims.Required("scope"), created + lifetime);
        return clock.GetUtcNow() < grant.ExpiresAt && !_invalidated.ContainsKey(grant.Id) ? grant : null;
    }

    public void RevokeAll()
    {
        var generation = Guid.NewGuid().ToString("N");
        log.Save(Kind, "last", JsonText.ToBytes(generation));
        _generation = generation;
    }

    public void Invalidate(TokenGrant grant)
    {
        var now = clock.GetUtcNow();
        foreach (var (id, _) in _invalidated.Where(invalidated => invalidated.Value.ExpiresAt <= now))
        {
            _invalidated.TryRemove(id, out _);
        }

        _invalidated[grant.Id] = grant;
    }

    private string Sign(string text) => Base64Url.EncodeToString(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes($"{_generation}{text}")));
}
