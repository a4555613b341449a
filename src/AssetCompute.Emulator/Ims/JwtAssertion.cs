using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace AssetCompute.Emulator;

/// <summary>The signed assertion of a service account, verified as IMS verifies it.</summary>
internal static class JwtAssertion
{
    private static readonly TimeSpan ClockSkew = TimeSpan.FromSeconds(30);

    /// <summary>Verifies an assertion and returns its metascopes.</summary>
    /// <exception cref="ImsException">The assertion is refused.</exception>
    public static IReadOnlyList<string> Verify(string? jwt, EmulatorClient client, DateTimeOffset now, WireSpelling spelling)
    {
        var (header, claims, signed, signature) = Decode(jwt);
        Require(header["alg"].StringOf() == "RS256", "invalid_token", "The JWT must be signed with RS256.");

        // The host differs between Adobe's environments and the emulator. The client id is always the same.
        Require(claims["aud"].StringOf()?.EndsWith($"/c/{client.ClientId}", StringComparison.Ordinal) == true, "invalid_client", "The JWT's aud does not name the client_id.");
        var (error, description) = spelling == WireSpelling.Documentation
            ? ("invalid_signature", "The JWT's signature does not match a certificate of the integration.")
            : ("invalid_token", "Could not match JWT signature to any of the bindings");
        Require(IsSigned(client, signed, signature), error, description);
        CheckExpiry(claims, now);
        Require(claims["iss"].StringOf() == client.OrganizationId, "bad_request", "The JWT's iss is not the integration's organization.");
        Require(claims["sub"].StringOf() == client.TechnicalAccountId, "bad_request", "The JWT's sub is not the integration's technical account.");
        return MetaScopes(claims, client);
    }

    private static (JsonObject Header, JsonObject Claims, byte[] Signed, byte[] Signature) Decode(string? jwt)
    {
        try
        {
            if (jwt?.Split('.') is [var header, var claims, var signature]
                && JsonText.Read(Base64Url.DecodeFromChars(header)) is JsonObject headerJson
                && JsonText.Read(Base64Url.DecodeFromChars(claims)) is JsonObject claimsJson)
            {
                return (headerJson, claimsJson, Encoding.ASCII.GetBytes($"{header}.{claims}"), Base64Url.DecodeFromChars(signature));
            }
        }
        catch (Exception exception) when (exception is FormatException or JsonException or InvalidOperationException)
        {
            // The error is the same as for other text.
        }

        throw new ImsException(400, "invalid_token", "JWT token is incorrectly formatted, and can not be decoded.");
    }

    private static bool IsSigned(EmulatorClient client, byte[] signed, byte[] signature) => client.PublicKeys.Any(pem =>
    {
        using var key = ClientDirectory.ReadKey(pem);
        return key.VerifyData(signed, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
    });

    private static void CheckExpiry(JsonObject claims, DateTimeOffset now)
    {
        Require(IsInteger(claims["exp"], out var seconds), "invalid_token", "The JWT's exp must be an integer: seconds since 1970.");
        Require(!claims.TryGetPropertyValue("jti", out var jti) || IsInteger(jti, out _), "invalid_token", "The JWT's jti must be an integer.");
        Require(seconds >= (now - ClockSkew).ToUnixTimeSeconds(), "invalid_token", "The JWT has expired.");
        Require(
            seconds <= (now + TimeSpan.FromDays(1) + ClockSkew).ToUnixTimeSeconds(),
            "invalid_token",
            "The JWT's exp is more than 24 hours ahead; it is in seconds, not milliseconds.");
    }

    private static bool IsInteger(JsonNode? node, out long number)
    {
        number = 0;
        return node is JsonValue value && value.TryGetValue(out number);
    }

    private static List<string> MetaScopes(JsonObject claims, EmulatorClient client)
    {
        List<string> metaScopes =
        [
            .. claims.Where(claim => claim.Key.Contains("/s/", StringComparison.Ordinal) && claim.Value?.GetValueKind() == JsonValueKind.True)
                .Select(claim => claim.Key[(claim.Key.LastIndexOf("/s/", StringComparison.Ordinal) + 3)..]),
        ];
        Require(
            metaScopes.Count > 0 && (client.MetaScopes is not { } allowed || !metaScopes.Except(allowed, StringComparer.Ordinal).Any()),
            "invalid_scope",
            "The metascopes in the JWT are not a subset of the metascopes in the binding.");
        return metaScopes;
    }

    private static void Require(bool condition, string error, string description)
    {
        if (!condition)
        {
            throw new ImsException(400, error, description);
        }
    }
}
