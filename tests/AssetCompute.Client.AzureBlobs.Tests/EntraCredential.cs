using System.Text;
using System.Text.Json;
using Azure.Core;

namespace AssetCompute.Client.AzureBlobs.Tests;

/// <summary>A managed identity for Azurite, which checks only the claims of a token and not its signature.</summary>
public sealed class EntraCredential : TokenCredential
{
    public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken)
    {
        DateTimeOffset now = DateTimeOffset.UtcNow;
        string claims = JsonSerializer.Serialize(new Dictionary<string, object>
        {
            ["aud"] = "https://storage.azure.com",
            ["iss"] = "https://sts.windows.net/ab1f708d-50f6-404c-a006-d71b2ac7a606/",
            ["iat"] = now.AddMinutes(-5).ToUnixTimeSeconds(),
            ["nbf"] = now.AddMinutes(-5).ToUnixTimeSeconds(),
            ["exp"] = now.AddHours(1).ToUnixTimeSeconds(),
            ["oid"] = "23657296-5cd5-45b0-a809-d972a7f4dfe1",
            ["tid"] = "ab1f708d-50f6-404c-a006-d71b2ac7a606",
        });
        return new AccessToken($"{Base64Url("""{"alg":"none","typ":"JWT"}""")}.{Base64Url(claims)}.c2lnbmF0dXJl", now.AddHours(1));
    }

    public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken) => new(GetToken(requestContext, cancellationToken));

    private static string Base64Url(string text) => System.Buffers.Text.Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));
}
