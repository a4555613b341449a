using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace AssetCompute.Emulator;

/// <summary>The signed assertion of a service account, verified as IMS verifies it.</summary>
internal static class JwtAssertion
{
    private static readonly TimeSpan ClockSkew = TimeSpan.FromSeconds(30);

    /// <summary>Verifies an assertion and returns its metascopes.</summary>
    /// <exception cref="ImsException">The assertion is refused.</exception>
    public static IReadOnlyList<string> Verify(string? jwt, EmulatorClient client, DateTimeOffset now, WireSpelling spelling)
    {
        var parts = jwt?.Split('.') ?? [];
        if (parts.Length != 3
            || Decode(parts[0]) is not { } headerBytes || Decode(parts[1]) is not { } claimBytes || Decode(parts[2]) is not { } signature)
        {
            throw Undecodable();
        }

        try
        {
            using var header = JsonDocument.Parse(headerBytes);
            using var claims = JsonDocument.Parse(claimBytes);
            if (Text(header.RootElement, "alg") != "RS256")
            {
                throw new ImsException(400, "invalid_token", "The JWT must be signed with RS256.");
            }

            CheckAudience(claims.RootElement, client);
            CheckSignature(client, Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"), signature, spelling);
            CheckExpiry(claims.RootElement, now);
            CheckAccount(claims.RootElement, client);
            return MetaScopes(claims.RootElement, client);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            throw Undecodable();
        }
    }

    private static void CheckAudience(JsonElement claims, EmulatorClient client)
    {
        // The host differs between Adobe's environments and the emulator. The client id is always the same.
        if (Text(claims, "aud")?.EndsWith($"/c/{client.ClientId}", StringComparison.Ordinal) != true)
        {
            throw new ImsException(400, "invalid_client", "The JWT's aud does not name the client_id.");
        }
    }

    private static void CheckSignature(EmulatorClient client, byte[] signed, byte[] signature, WireSpelling spelling)
    {
        foreach (var pem in client.PublicKeys)
        {
            using var key = PublicKeys.Read(pem);
            if (key.VerifyData(signed, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1))
            {
                return;
            }
        }

        throw spelling == WireSpelling.Documentation
            ? new ImsException(400, "invalid_signature", "The JWT's signature does not match a certificate of the integration.")
            : new ImsException(400, "invalid_token", "Could not match JWT signature to any of the bindings");
    }

    private static void CheckExpiry(JsonElement claims, DateTimeOffset now)
    {
        if (!claims.TryGetProperty("exp", out var exp) || exp.ValueKind != JsonValueKind.Number || !exp.TryGetInt64(out var seconds))
        {
            throw new ImsException(400, "invalid_token", "The JWT's exp must be an integer: seconds since 1970.");
        }

        if (claims.TryGetProperty("jti", out var jti) && (jti.ValueKind != JsonValueKind.Number || !jti.TryGetInt64(out _)))
        {
            throw new ImsException(400, "invalid_token", "The JWT's jti must be an integer.");
        }

        var earliest = (now - ClockSkew).ToUnixTimeSeconds();
        var latest = (now + TimeSpan.FromDays(1) + ClockSkew).ToUnixTimeSeconds();
        if (seconds < earliest)
        {
            throw new ImsException(400, "invalid_token", "The JWT has expired.");
        }

        if (seconds > latest)
        {
            throw new ImsException(400, "invalid_token", "The JWT's exp is more than 24 hours ahead; it is in seconds, not milliseconds.");
        }
    }

    private static void CheckAccount(JsonElement claims, EmulatorClient client)
    {
        if (Text(claims, "iss") != client.OrganizationId)
        {
            throw new ImsException(400, "bad_request", "The JWT's iss is not the integration's organization.");
        }

        if (Text(claims, "sub") != client.TechnicalAccountId)
        {
            throw new ImsException(400, "bad_request", "The JWT's sub is not the integration's technical account.");
        }
    }

    private static List<string> MetaScopes(JsonElement claims, EmulatorClient client)
    {
        var metaScopes = new List<string>();
        foreach (var claim in claims.EnumerateObject())
        {
            var at = claim.Name.LastIndexOf("/s/", StringComparison.Ordinal);
            if (at >= 0 && claim.Value.ValueKind == JsonValueKind.True)
            {
                metaScopes.Add(claim.Name[(at + 3)..]);
            }
        }

        if (metaScopes.Count == 0 || (client.MetaScopes is { } allowed && metaScopes.Except(allowed, StringComparer.Ordinal).Any()))
        {
            throw new ImsException(400, "invalid_scope", "The metascopes in the JWT are not a subset of the metascopes in the binding.");
        }

        return metaScopes;
    }

    private static string? Text(JsonElement claims, string name) =>
        claims.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static byte[]? Decode(string part)
    {
        try
        {
            return Base64Url.DecodeFromChars(part);
        }
        catch (FormatException)
        {
            return null;
        }
    }

    private static ImsException Undecodable() =>
        new(400, "invalid_token", "JWT token is incorrectly formatted, and can not be decoded.");
}
