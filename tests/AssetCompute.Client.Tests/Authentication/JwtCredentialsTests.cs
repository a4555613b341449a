using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using AssetCompute.Client.Authentication;
using AssetCompute.Client.Tests.Time;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace AssetCompute.Client.Tests.Authentication;

public sealed class JwtCredentialsTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("credentials").FullName;
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UtcNow);

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task Exchange_SendsASignedAssertionWithTheClaimsOfTheIdentityService()
    {
        using var ims = new FakeIms(_time, TimeSpan.FromDays(1));
        ims.Answer = static _ => FakeIms.Json(HttpStatusCode.OK, """{"token_type":"bearer","access_token":"opaque","expires_in":86399000}""");
        await using Account account = CreateAccount(ims);

        AccessToken token = await account.GetTokenAsync();

        Assert.Equal(_time.GetUtcNow() + TimeSpan.FromSeconds(86399), token.ExpiresOn);
        IReadOnlyDictionary<string, string> form = Assert.Single(ims.Forms);
        Assert.Equal(["client_id", "client_secret", "jwt_token"], form.Keys.Order());
        JsonWebToken jwt = new(form["jwt_token"]);
        Assert.Equal("RS256", jwt.Alg);
        using var payload = JsonDocument.Parse(Base64UrlEncoder.Decode(jwt.EncodedPayload));
        var claims = payload.RootElement.EnumerateObject().ToDictionary(claim => claim.Name, claim => claim.Value.ToString());
        Assert.Equal(
            new Dictionary<string, string>
            {
                ["iss"] = CredentialSamples.Organization,
                ["sub"] = CredentialSamples.TechnicalAccount,
                ["aud"] = "https://ims-na1.adobelogin.com/c/" + CredentialSamples.Client,
                ["exp"] = $"{(_time.GetUtcNow() + TimeSpan.FromMinutes(5)).ToUnixTimeSeconds()}",
                ["https://ims-na1.adobelogin.com/s/ent_aem_cloud_api"] = "True",
                ["https://ims-na1.adobelogin.com/s/ent_cloudmgr_sdk"] = "True",
            },
            claims);
        Assert.Equal(JsonValueKind.Number, payload.RootElement.GetProperty("exp").ValueKind);

        using var key = RSA.Create();
        key.ImportFromPem(CredentialSamples.PrivateKey);
        TokenValidationResult validated = await new JsonWebTokenHandler().ValidateTokenAsync(form["jwt_token"], new TokenValidationParameters
        {
            IssuerSigningKey = new RsaSecurityKey(key.ExportParameters(includePrivateParameters: false)),
            ValidIssuer = CredentialSamples.Organization,
            ValidAudience = "https://ims-na1.adobelogin.com/c/" + CredentialSamples.Client,
        });
        Assert.True(validated.IsValid, validated.Exception?.Message);
    }

    [Theory]
    [InlineData(401, "invalid_client", "may no longer exchange a JWT")]
    [InlineData(400, "invalid_token", "does not match a certificate")]
    [InlineData(400, "invalid_scope", "metascopes")]
    [InlineData(400, "bad_request", "")]
    public async Task Exchange_Refused_SaysWhatToDoNowThatJwtIsRetired(int status, string error, string cause)
    {
        using var ims = new FakeIms(_time, TimeSpan.FromDays(1));
        ims.Answer = _ => FakeIms.Json((HttpStatusCode)status, $$"""{"error":"{{error}}","error_description":"as it is"}""");
        await using Account account = CreateAccount(ims);

        var refused = await Assert.ThrowsAsync<AssetComputeAuthenticationException>(() => account.GetTokenAsync().AsTask());

        Assert.Equal(error, refused.ErrorCode);
        Assert.Contains(cause, refused.Message, StringComparison.Ordinal);
        Assert.Contains("create an OAuth Server-to-Server credential", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Exchange_AnsweredByAnInternalError_SaysThatJwtIsRetiredUnlessItHasWorked()
    {
        using var ims = new FakeIms(_time, TimeSpan.FromDays(1));
        ims.Answer = static _ => FakeIms.Json(HttpStatusCode.InternalServerError, """{"error":"internal_error"}""");
        await using Account account = CreateAccount(ims);

        var refused = await Assert.ThrowsAsync<AssetComputeAuthenticationException>(() => account.GetTokenAsync().AsTask());
        Assert.Contains("create an OAuth Server-to-Server credential", refused.Message, StringComparison.Ordinal);
        Assert.False(refused.IsTransient);

        ims.Answer = static _ => null;
        _time.Advance(TimeSpan.FromMinutes(1));
        AccessToken token = await account.GetTokenAsync();
        ims.Answer = static _ => FakeIms.Json(HttpStatusCode.InternalServerError, """{"error":"internal_error"}""");
        var failed = await Assert.ThrowsAsync<AssetComputeAuthenticationException>(() => account.GetTokenAsync(token).AsTask());
        Assert.Contains("is not available", failed.Message, StringComparison.Ordinal);
        Assert.True(failed.IsTransient);
    }

    [Theory]
    [InlineData(HttpStatusCode.InternalServerError, "server_error")]
    [InlineData(HttpStatusCode.ServiceUnavailable, "internal_error")]
    public async Task Exchange_AnsweredByAnOutage_IsTransient(HttpStatusCode status, string error)
    {
        using var ims = new FakeIms(_time, TimeSpan.FromDays(1));
        ims.Answer = _ => FakeIms.Json(status, $$"""{"error":"{{error}}"}""");
        await using Account account = CreateAccount(ims);

        Assert.True((await Assert.ThrowsAsync<AssetComputeAuthenticationException>(() => account.GetTokenAsync().AsTask())).IsTransient);
    }

    [Theory]
    [InlineData("ent_x,ent_y")]
    [InlineData("/s/ent_x,/s/ent_y")]
    [InlineData("https://ims-na1.adobelogin.com/s/ent_x,https://ims.example/s/ent_y")]
    [InlineData("ent_x,/s/ent_x,https://ims-na1.adobelogin.com/s/ent_x,ent_y")]
    public async Task Exchange_MetascopesAsNamesOrAsClaims_BecomeTheSameClaims(string metascopes)
    {
        using var ims = new FakeIms(_time, TimeSpan.FromDays(1));
        await using Account account = CreateAccount(ims, metascopes);

        await account.GetTokenAsync();

        using var payload = JsonDocument.Parse(Base64UrlEncoder.Decode(new JsonWebToken(Assert.Single(ims.Forms)["jwt_token"]).EncodedPayload));
        Assert.Equal(
            ["https://ims-na1.adobelogin.com/s/ent_x", "https://ims-na1.adobelogin.com/s/ent_y"],
            payload.RootElement.EnumerateObject().Select(claim => claim.Name).Where(name => name.Contains("/s/", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("/s/")]
    [InlineData("ent_x,https://ims-na1.adobelogin.com/s/")]
    [InlineData("https://ims-na1.adobelogin.com/ent_x")]
    public async Task Exchange_MetascopeThatNamesNone_IsRefused(string metascopes)
    {
        using var ims = new FakeIms(_time, TimeSpan.FromDays(1));
        await using Account account = CreateAccount(ims, metascopes);

        var refused = await Assert.ThrowsAsync<AssetComputeAuthenticationException>(() => account.GetTokenAsync().AsTask());

        Assert.Contains("$.integration.metascopes contains a metascope that is neither", refused.Message, StringComparison.Ordinal);
        Assert.Equal(0, ims.Requests);
    }

    private Account CreateAccount(FakeIms ims, string? metascopes = null)
    {
        string path = Path.Combine(_directory, "aem.json");
        System.Text.Json.Nodes.JsonObject file = CredentialSamples.ServiceCredentials();
        if (metascopes is not null)
        {
            file["integration"]!["metascopes"] = metascopes;
        }

        File.WriteAllText(path, file.ToJsonString());
        return new Account(ims, options => options.CredentialsFile = path, time: _time);
    }
}
