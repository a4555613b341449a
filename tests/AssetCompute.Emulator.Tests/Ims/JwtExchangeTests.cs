using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using AssetCompute.Client.Tests.Time;

namespace AssetCompute.Emulator.Tests;

public sealed class JwtExchangeTests
{
    private static readonly RSA Key = RSA.Create(2048);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/ims/exchange/jwt", false)]
    [InlineData("/ims/exchange/jwt/", true)]
    [InlineData("/ims/exchange/v1/jwt", false)]
    [InlineData("/ims/exchange/v1/jwt", true)]
    public async Task Exchange_at_both_paths_in_both_encodings_answers_milliseconds(string path, bool multipart)
    {
        var clock = new FakeTimeProvider();
        await using var emulator = await StartAsync(clock);
        using var client = new ServiceClient(emulator);

        using var response = await ExchangeAsync(client, path, Jwt(clock, emulator), multipart: multipart);
        var body = await ServiceClient.JsonAsync(response);
        client.Token = body["access_token"]!.GetValue<string>();
        using var register = await client.PostAsync("/register");

        Assert.Equal(86_399_000, body["expires_in"]!.GetValue<long>());
        Assert.Equal("bearer", body["token_type"]!.GetValue<string>());
        Assert.Equal(HttpStatusCode.OK, register.StatusCode);
    }

    [Theory]
    [InlineData("client", 400, "invalid_client")]
    [InlineData("secret", 401, "invalid_client")]
    [InlineData("no jwt", 400, "invalid_token")]
    [InlineData("garbage", 400, "invalid_token")]
    [InlineData("aud", 400, "invalid_client")]
    [InlineData("expired", 400, "invalid_token")]
    [InlineData("exp as text", 400, "invalid_token")]
    [InlineData("exp in milliseconds", 400, "invalid_token")]
    [InlineData("other key", 400, "invalid_token")]
    [InlineData("alg none", 400, "invalid_token")]
    [InlineData("metascope", 400, "invalid_scope")]
    [InlineData("no metascope", 400, "invalid_scope")]
    [InlineData("iss", 400, "bad_request")]
    [InlineData("sub", 400, "bad_request")]
    public async Task Exchange_refuses_what_IMS_refuses(string wrong, int status, string error)
    {
        var clock = new FakeTimeProvider();
        await using var emulator = await StartAsync(clock);
        using var client = new ServiceClient(emulator);
        using var otherKey = RSA.Create(2048);
        var now = clock.GetUtcNow().ToUnixTimeSeconds();
        var jwt = wrong switch
        {
            "no jwt" => null,
            "garbage" => "a.b",
            "aud" => Jwt(clock, emulator, claims => claims["aud"] = "https://ims/c/other"),
            "expired" => Jwt(clock, emulator, claims => claims["exp"] = now - 31),
            "exp as text" => Jwt(clock, emulator, claims => claims["exp"] = $"{now + 300}"),
            "exp in milliseconds" => Jwt(clock, emulator, claims => claims["exp"] = (now + 300) * 1000),
            "other key" => Jwt(clock, emulator, key: otherKey),
            "alg none" => Jwt(clock, emulator, algorithm: "none"),
            "metascope" => Jwt(clock, emulator, claims => claims["https://ims/s/ent_other_sdk"] = true),
            "no metascope" => Jwt(clock, emulator, claims => claims.Remove("https://ims/s/asset_compute_meta")),
            "iss" => Jwt(clock, emulator, claims => claims["iss"] = "other@AdobeOrg"),
            "sub" => Jwt(clock, emulator, claims => claims["sub"] = "other@techacct.adobe.com"),
            _ => Jwt(clock, emulator),
        };

        using var response = await ExchangeAsync(
            client, "/ims/exchange/jwt", jwt, wrong == "client" ? "nobody" : "emulator-client", wrong == "secret" ? "wrong" : "emulator-secret");

        Assert.Equal(status, (int)response.StatusCode);
        var body = await ServiceClient.JsonAsync(response);
        Assert.Equal(error, body["error"]!.GetValue<string>());
        Assert.NotEmpty(body["error_description"]!.GetValue<string>());
    }

    [Fact]
    public async Task Bad_signature_has_its_own_error_in_the_documentation()
    {
        var clock = new FakeTimeProvider();
        await using var emulator = await StartAsync(clock, options => options.Spelling = WireSpelling.Documentation);
        using var client = new ServiceClient(emulator);
        using var otherKey = RSA.Create(2048);

        using var response = await ExchangeAsync(client, "/ims/exchange/jwt", Jwt(clock, emulator, key: otherKey));

        Assert.Equal("invalid_signature", (await ServiceClient.JsonAsync(response))["error"]!.GetValue<string>());
    }

    [Fact]
    public async Task Certificate_serves_as_public_key_and_a_second_key_is_tried()
    {
        var clock = new FakeTimeProvider();
        using var otherKey = RSA.Create(2048);
        var request = new CertificateRequest("CN=emulator", Key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(100));
        await using var emulator = await AssetComputeEmulator.StartAsync(
            options =>
            {
                options.TimeProvider = clock;
                options.Clients.Add(EmulatorClient.WellKnown with { PublicKeys = [otherKey.ExportRSAPublicKeyPem(), certificate.ExportCertificatePem()] });
            },
            Cancellation);
        using var client = new ServiceClient(emulator);

        using var response = await ExchangeAsync(client, "/ims/exchange/jwt", Jwt(clock, emulator));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Theory]
    [InlineData("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----")]
    [InlineData("no key")]
    public async Task Unreadable_public_key_is_refused_at_the_start(string pem)
    {
        var error = await Assert.ThrowsAnyAsync<ArgumentException>(() => AssetComputeEmulator.StartAsync(
            options => options.Clients.Add(EmulatorClient.WellKnown with { PublicKeys = [pem] }), Cancellation));

        Assert.Contains("emulator-client", error.Message, StringComparison.Ordinal);
    }

    private static Task<AssetComputeEmulator> StartAsync(TimeProvider clock, Action<AssetComputeEmulatorOptions>? configure = null) =>
        AssetComputeEmulator.StartAsync(
            options =>
            {
                options.TimeProvider = clock;
                options.Clients.Add(EmulatorClient.WellKnown with
                {
                    PublicKeys = [Key.ExportSubjectPublicKeyInfoPem()],
                    MetaScopes = ["asset_compute_meta", "event_receiver_api"],
                });
                configure?.Invoke(options);
            },
            Cancellation);

    internal static Task<HttpResponseMessage> ExchangeAsync(
        ServiceClient client, string path, string? jwt, string clientId = "emulator-client", string secret = "emulator-secret", bool multipart = false)
    {
        var fields = new List<KeyValuePair<string, string>> { new("client_id", clientId), new("client_secret", secret) };
        if (jwt is not null)
        {
            fields.Add(new("jwt_token", jwt));
        }

        if (!multipart)
        {
            return client.Http.PostAsync(path, new FormUrlEncodedContent(fields), Cancellation);
        }

        var form = new MultipartFormDataContent();
        fields.ForEach(field => form.Add(new StringContent(field.Value), field.Key));
        return client.Http.PostAsync(path, form, Cancellation);
    }

    internal static string Jwt(TimeProvider clock, AssetComputeEmulator emulator, Action<JsonObject>? change = null, RSA? key = null, string algorithm = "RS256")
    {
        var claims = new JsonObject
        {
            ["iss"] = "emulator@AdobeOrg",
            ["sub"] = "emulator@techacct.adobe.com",
            ["aud"] = $"{emulator.ImsEndpoint}c/emulator-client",
            ["exp"] = clock.GetUtcNow().ToUnixTimeSeconds() + 300,
            ["https://ims/s/asset_compute_meta"] = true,
        };
        change?.Invoke(claims);
        var signed = $"{Encode($$"""{"alg":"{{algorithm}}"}""")}.{Encode(claims.ToJsonString())}";
        return $"{signed}.{Base64Url.EncodeToString((key ?? Key).SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1))}";

        static string Encode(string json) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json));
    }
}
