using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace AssetCompute.Client.Authentication;

/// <summary>The signed statement that a JWT credential is exchanged with.</summary>
internal static class JwtAssertion
{
    /// <summary>Long enough for the exchange, and for a clock that is a little behind.</summary>
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);

    /// <exception cref="AssetComputeAuthenticationException">The key cannot be read or is too weak.</exception>
    public static string Create(
        AssetComputeIdentity identity,
        string imsEndpoint,
        string technicalAccountId,
        IReadOnlyList<string> metascopes,
        RsaKeySource keySource,
        DateTimeOffset now)
    {
        using RSA rsa = keySource.Open();

        // Without the cache of signature providers, which would hold on to the key that is disposed here.
        var key = new RsaSecurityKey(rsa) { CryptoProviderFactory = new CryptoProviderFactory { CacheSignatureProviders = false } };
        var signing = new SigningCredentials(key, SecurityAlgorithms.RsaSha256);
        return new JsonWebTokenHandler().CreateToken(Payload(identity, imsEndpoint, technicalAccountId, metascopes, now), signing);
    }

    /// <summary>No <c>iat</c> and no <c>nbf</c>: with a clock ahead of Adobe's they would make the statement one of the future.</summary>
    private static string Payload(
        AssetComputeIdentity identity, string imsEndpoint, string technicalAccountId, IReadOnlyList<string> metascopes, DateTimeOffset now)
    {
        using var json = new MemoryStream();
        using (var writer = new Utf8JsonWriter(json))
        {
            writer.WriteStartObject();
            writer.WriteNumber("exp", (now + Lifetime).ToUnixTimeSeconds());
            writer.WriteString("iss", identity.OrganizationId);
            writer.WriteString("sub", technicalAccountId);
            writer.WriteString("aud", $"{imsEndpoint}/c/{identity.ClientId}");
            foreach (string metascope in metascopes.Distinct(StringComparer.Ordinal))
            {
                writer.WriteBoolean($"{imsEndpoint}/s/{metascope}", true);
            }

            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(json.ToArray());
    }
}
