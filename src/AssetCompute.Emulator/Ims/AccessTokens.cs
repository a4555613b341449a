using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace AssetCompute.Emulator;

/// <summary>
/// Issues and verifies access tokens: JWTs with the claims that Adobe's clients decode (times in milliseconds, as strings). They are signed with HS256 and
/// the emulator's own secret, because only the emulator verifies them, and creating an RSA key would take longer than starting the emulator.
/// </summary>
internal sealed class AccessTokens(byte[] key, TimeProvider clock, StateLog log)
{
    private const string Kind = "revocation";

    private static readonly string Header = Base64Url.EncodeToString("""{"alg":"HS256","typ":"JWT"}"""u8);

    private readonly ConcurrentDictionary<string, DateTimeOffset> _invalidated = new(StringComparer.Ordinal);
    private readonly string _run = Guid.NewGuid().ToString("N");
    private long _issued;
    private volatile TokenRevocation? _revocation = log.Read(Kind, (_, json) => JsonSerializer.Deserialize(json, StateJson.Default.TokenRevocation)).SingleOrDefault();

    public (string Text, TokenGrant Grant) Issue(EmulatorClient client, string scope, TimeSpan lifetime)
    {
        var now = clock.GetUtcNow();
        var created = now.ToUnixTimeMilliseconds();

        // The serial number and the run in the id allow all tokens issued so far to be revoked without a list of tokens.
        var serial = Interlocked.Increment(ref _issued);
        var id = $"{created}_{serial:x}-{_run}_ue1";
        var payload = new JsonObject
        {
            ["id"] = id,
            ["type"] = "access_token",
            ["client_id"] = client.ClientId,
            ["user_id"] = client.TechnicalAccountId,
            ["as"] = "ims-na1",
            ["scope"] = scope,
            ["created_at"] = created.ToString(CultureInfo.InvariantCulture),
            ["expires_in"] = ((long)lifetime.TotalMilliseconds).ToString(CultureInfo.InvariantCulture),
        };
        var signed = $"{Header}.{Base64Url.EncodeToString(JsonText.ToBytes(payload))}";
        return ($"{signed}.{Sign(signed)}", new TokenGrant(id, client.ClientId, client.TechnicalAccountId, scope, now, lifetime));
    }

    /// <summary>Returns the content of a token, or <see langword="null"/> if it is forged, expired, revoked or not a token.</summary>
    public TokenGrant? Verify(string token)
    {
        var dot = token.LastIndexOf('.');
        if (dot <= 0
            || !CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(Sign(token[..dot])), Encoding.UTF8.GetBytes(token[(dot + 1)..])))
        {
            return null;
        }

        var grant = Read(token);
        return grant is not null && clock.GetUtcNow() < grant.ExpiresAt && !IsRevoked(grant) ? grant : null;
    }

    public void RevokeAll()
    {
        var revocation = new TokenRevocation(_run, Interlocked.Read(ref _issued), clock.GetUtcNow());
        log.Save(Kind, "last", JsonSerializer.SerializeToUtf8Bytes(revocation, StateJson.Default.TokenRevocation));
        _revocation = revocation;
    }

    public void Invalidate(TokenGrant grant)
    {
        var now = clock.GetUtcNow();
        foreach (var (id, expiresAt) in _invalidated)
        {
            if (expiresAt <= now)
            {
                _invalidated.TryRemove(id, out _);
            }
        }

        _invalidated[grant.Id] = grant.ExpiresAt;
    }

    private static TokenGrant? Read(string token)
    {
        try
        {
            using var payload = JsonDocument.Parse(Base64Url.DecodeFromChars(token.Split('.')[1]));
            var claims = payload.RootElement;
            return new TokenGrant(
                claims.GetProperty("id").GetString()!,
                claims.GetProperty("client_id").GetString()!,
                claims.GetProperty("user_id").GetString()!,
                claims.GetProperty("scope").GetString()!,
                DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(claims.GetProperty("created_at").GetString()!, CultureInfo.InvariantCulture)),
                TimeSpan.FromMilliseconds(long.Parse(claims.GetProperty("expires_in").GetString()!, CultureInfo.InvariantCulture)));
        }
        catch (Exception exception) when (exception is JsonException or FormatException or KeyNotFoundException or IndexOutOfRangeException)
        {
            return null;
        }
    }

    private bool IsRevoked(TokenGrant grant) => _invalidated.ContainsKey(grant.Id) || (_revocation is { } revocation && IsStruck(grant, revocation));

    private bool IsStruck(TokenGrant grant, TokenRevocation revocation)
    {
        var parts = grant.Id.Split('_')[1].Split('-');
        var (serial, run) = (parts[0], parts[1]);
        return run == revocation.Run
            ? long.Parse(serial, NumberStyles.HexNumber, CultureInfo.InvariantCulture) <= revocation.Serial
            : run != _run && grant.CreatedAt <= revocation.Time;
    }

    private string Sign(string text) => Base64Url.EncodeToString(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text)));
}
