using System.Buffers.Text;
using System.Net;
using System.Text.Json.Nodes;
using AssetCompute.Client.Tests.Time;

namespace AssetCompute.Emulator.Tests;

public sealed class ClientCredentialsTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("v2")]
    [InlineData("v3")]
    [InlineData("v4")]
    public async Task Token_urlencoded_answers_a_bearer_with_seconds(string version)
    {
        await using var emulator = await AssetComputeEmulator.StartAsync(Cancellation);
        using var client = new ServiceClient(emulator);

        using var response = await client.Http.PostAsync($"/ims/token/{version}", client.TokenForm(), Cancellation);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var body = await ServiceClient.JsonAsync(response);
        Assert.Equal("bearer", body["token_type"]!.GetValue<string>());
        Assert.Equal(86_399, body["expires_in"]!.GetValue<long>());
        Assert.NotEmpty(response.Headers.GetValues("X-Debug-Id").Single());
    }

    [Theory]
    [InlineData("v2")]
    [InlineData("v3")]
    [InlineData("v4")]
    public async Task Token_multipart_with_client_id_in_the_query_answers_a_token(string version)
    {
        await using var emulator = await AssetComputeEmulator.StartAsync(Cancellation);
        using var client = new ServiceClient(emulator);
        using var form = new MultipartFormDataContent
        {
            { new StringContent("emulator-secret"), "client_secret" },
            { new StringContent("client_credentials"), "grant_type" },
            { new StringContent("openid, asset_compute"), "scope" },
        };

        using var response = await client.Http.PostAsync($"/ims/token/{version}?client_id=emulator-client", form, Cancellation);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("openid,asset_compute", Claims(await ServiceClient.JsonAsync(response))["scope"]!.GetValue<string>());
    }

    [Fact]
    public async Task Token_is_a_JWT_with_the_claims_that_clients_decode()
    {
        var clock = new FakeTimeProvider();
        await using var emulator = await AssetComputeEmulator.StartAsync(options => options.TimeProvider = clock, Cancellation);
        using var client = new ServiceClient(emulator);

        using var response = await client.Http.PostAsync("/ims/token/v3", client.TokenForm(), Cancellation);

        var claims = Claims(await ServiceClient.JsonAsync(response));
        Assert.Equal("access_token", claims["type"]!.GetValue<string>());
        Assert.Equal("emulator-client", claims["client_id"]!.GetValue<string>());
        Assert.Equal("emulator@techacct.adobe.com", claims["user_id"]!.GetValue<string>());
        Assert.Equal("ims-na1", claims["as"]!.GetValue<string>());
        Assert.Equal($"{clock.GetUtcNow().ToUnixTimeMilliseconds()}", claims["created_at"]!.GetValue<string>());
        Assert.Equal("86399000", claims["expires_in"]!.GetValue<string>());
        Assert.NotEmpty(claims["id"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("emulator-client", "wrong", "client_credentials", "openid", "invalid_client", "invalid client_secret parameter")]
    [InlineData("nobody", "emulator-secret", "client_credentials", "openid", "invalid_client", "invalid client_id parameter")]
    [InlineData("emulator-client", "emulator-secret", "password", "openid", "unsupported_grant_type", "grant_type must be client_credentials")]
    [InlineData("emulator-client", "emulator-secret", "client_credentials", "", "invalid_scope", "scope parameter is missing")]
    public async Task Token_refused_answers_400_with_the_pair_of_error_and_description(
        string clientId, string secret, string grantType, string scope, string error, string description)
    {
        await using var emulator = await AssetComputeEmulator.StartAsync(Cancellation);
        using var client = new ServiceClient(emulator);
        using var form = new FormUrlEncodedContent(
            [new("client_id", clientId), new("client_secret", secret), new("grant_type", grantType), new("scope", scope)]);

        using var response = await client.Http.PostAsync("/ims/token/v3", form, Cancellation);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        var body = await ServiceClient.JsonAsync(response);
        Assert.Equal(error, body["error"]!.GetValue<string>());
        Assert.Equal(description, body["error_description"]!.GetValue<string>());
        Assert.NotEmpty(response.Headers.GetValues("X-Debug-Id").Single());
    }

    [Fact]
    public async Task Token_for_a_configured_client_takes_each_of_its_secrets_and_not_the_well_known_one()
    {
        var rotating = new EmulatorClient { ClientId = "own", ClientSecrets = ["old", "new"], OrganizationId = "own@AdobeOrg", Scopes = ["openid"] };
        await using var emulator = await AssetComputeEmulator.StartAsync(options => options.Clients.Add(rotating), Cancellation);
        using var client = new ServiceClient(emulator, rotating);
        using var wellKnown = new ServiceClient(emulator);

        using var old = await client.Http.PostAsync("/ims/token/v3", client.TokenForm("old", "openid"), Cancellation);
        using var renewed = await client.Http.PostAsync("/ims/token/v3", client.TokenForm("new", "openid"), Cancellation);
        using var foreignScope = await client.Http.PostAsync("/ims/token/v3", client.TokenForm("new", "openid,more"), Cancellation);
        using var refused = await wellKnown.Http.PostAsync("/ims/token/v3", wellKnown.TokenForm(), Cancellation);

        Assert.Equal(HttpStatusCode.OK, old.StatusCode);
        Assert.Equal(HttpStatusCode.OK, renewed.StatusCode);
        Assert.Equal("invalid_scope", (await ServiceClient.JsonAsync(foreignScope))["error"]!.GetValue<string>());
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
    }

    [Fact]
    public async Task Validate_and_invalidate_tell_and_end_a_token()
    {
        await using var emulator = await AssetComputeEmulator.StartAsync(Cancellation);
        using var client = new ServiceClient(emulator);
        await client.SignInAsync();
        Task<HttpResponseMessage> PostAsync(string path) => client.Http.PostAsync(
            path, new FormUrlEncodedContent([new("type", "access_token"), new("client_id", "emulator-client"), new("token", client.Token)]), Cancellation);

        using var before = await PostAsync("/ims/validate_token/v1");
        using var invalidated = await PostAsync("/ims/invalidate_token/v2");
        using var after = await PostAsync("/ims/validate_token/v1");

        Assert.True((await ServiceClient.JsonAsync(before))["valid"]!.GetValue<bool>());
        Assert.Equal(HttpStatusCode.OK, invalidated.StatusCode);
        Assert.Equal("", await invalidated.Content.ReadAsStringAsync(Cancellation));
        Assert.False((await ServiceClient.JsonAsync(after))["valid"]!.GetValue<bool>());
    }

    private static JsonObject Claims(JsonObject body) =>
        JsonNode.Parse(Base64Url.DecodeFromChars(body["access_token"]!.GetValue<string>().Split('.')[1]))!.AsObject();

    [Theory]
    [InlineData("v4")]
    [InlineData("v5")]
    [InlineData("v6")]
    public async Task Organizations_are_those_of_the_tokens_client(string version)
    {
        await using var emulator = await AssetComputeEmulator.StartAsync(
            options => options.Clients.Add(EmulatorClient.WellKnown with { OrganizationId = "1234ABCD@AdobeOrg" }), Cancellation);
        using var client = new ServiceClient(emulator, EmulatorClient.WellKnown with { OrganizationId = "1234ABCD@AdobeOrg" });
        await client.SignInAsync();

        using var response = await client.SendAsync(HttpMethod.Get, $"/ims/organizations/{version}?client_id=emulator-client");
        using var refused = await client.Http.GetAsync($"/ims/organizations/{version}", Cancellation);

        var organization = System.Text.Json.Nodes.JsonNode.Parse(await response.Content.ReadAsStringAsync(Cancellation))!.AsArray().Single()!;
        Assert.Equal("1234ABCD", organization["orgRef"]!["ident"]!.GetValue<string>());
        Assert.Equal("AdobeOrg", organization["orgRef"]!["authSrc"]!.GetValue<string>());
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
    }

    [Fact]
    public async Task Authorization_code_is_refused_with_400()
    {
        await using var emulator = await AssetComputeEmulator.StartAsync(Cancellation);
        using var http = new HttpClient { BaseAddress = emulator.Endpoint };

        using var response = await http.PostAsync("/ims/token/v1", new FormUrlEncodedContent([new("grant_type", "authorization_code"), new("code", "x")]), Cancellation);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("access_denied", (await ServiceClient.JsonAsync(response))["error"]!.GetValue<string>());
    }
}
