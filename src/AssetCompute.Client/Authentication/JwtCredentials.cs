using System.Security.Cryptography;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace AssetCompute.Client.Authentication;

/// <summary>
/// JWT (service account) credentials: an assertion that is signed with the account's private key is exchanged for a token. Adobe has retired them. The
/// service credentials of AEM as a Cloud Service are the last of this kind.
/// </summary>
internal sealed class JwtCredentials(AssetComputeIdentity identity, Uri imsEndpoint, IReadOnlyList<string> clientSecrets, CredentialsFile file, RsaPrivateKey key)
    : ImsCredentials("JWT", identity, imsEndpoint, clientSecrets, "/ims/exchange/jwt", $"{file.TechnicalAccountId}\n{string.Join(",", file.Metascopes)}")
{
    private const string Retired =
        "Adobe retired JWT (service account) credentials on 2025-06-30: create an OAuth Server-to-Server credential in Adobe Developer Console and name its file, or, for AEM's service credentials, create them again in AEM Developer Console.";

    // Long enough for the exchange, and for a clock that is slightly behind.
    private static readonly TimeSpan AssertionLifetime = TimeSpan.FromMinutes(5);

    public override TimeSpan ExpiresInUnit => TimeSpan.FromMilliseconds(1);

    public override void Check()
    {
        base.Check();
        key.Open().Dispose();
    }

    public override IReadOnlyList<KeyValuePair<string, string>> CreateForm(string clientSecret, DateTimeOffset now) =>
    [
        new("client_id", Identity.ClientId),
        new("client_secret", clientSecret),
        new("jwt_token", CreateAssertion(now)),
    ];

    public override bool IsSecretRefused(ImsError error) => error is { Status: 400 or 401, Code: "invalid_client" };

    public override bool IsRetired(ImsError error) => error is { Status: 500, Code: "internal_error" };

    public override string GetAdvice(ImsError error)
    {
        string cause = error.Code switch
        {
            "invalid_client" => "The client does not exist, its secret is wrong, or it may no longer exchange a JWT.",
            "invalid_token" or "invalid_signature" => "The private key does not match a certificate of the credential, the certificate has expired, or this machine's clock is wrong.",
            "invalid_scope" => "The credential lacks one of the metascopes that its file names.",
            "internal_error" => "The identity service gives this answer for a retired credential, and when the service itself fails.",
            _ => "",
        };

        return $"{cause} {Retired}".TrimStart();
    }

    /// <summary>Creates the assertion without <c>iat</c> and <c>nbf</c>: if the clock is ahead of Adobe's, they would be in the future.</summary>
    private string CreateAssertion(DateTimeOffset now)
    {
        using RSA rsa = key.Open();
        Dictionary<string, object> claims = file.Metascopes.ToDictionary(metascope => $"{ImsEndpoint}/s/{metascope}", static _ => (object)true);
        claims["sub"] = file.TechnicalAccountId!;

        // The cache of signature providers would keep the key, which is disposed here.
        var signingKey = new RsaSecurityKey(rsa) { CryptoProviderFactory = new CryptoProviderFactory { CacheSignatureProviders = false } };
        return new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = Identity.OrganizationId,
            Audience = $"{ImsEndpoint}/c/{Identity.ClientId}",
            Expires = (now + AssertionLifetime).UtcDateTime,
            Claims = claims,
            SigningCredentials = new SigningCredentials(signingKey, SecurityAlgorithms.RsaSha256),
        });
    }
}
