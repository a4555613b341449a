using System.Net;
using AssetCompute.Client.Authentication;
using AssetCompute.Client.Http;
using RichardSzalay.MockHttp;

namespace AssetCompute.Client.Tests.Http;

public sealed class AuthenticationHandlerTests : IDisposable
{
    private static readonly AssetComputeIdentity Identity = new("ABC@AdobeOrg", "client-a");

    private readonly MockHttpMessageHandler _service = new(BackendDefinitionBehavior.Always);
    private readonly Tokens _tokens = new();

    public AuthenticationHandlerTests() =>
        _service.Fallback.Throw(new InvalidOperationException("A request that the test does not expect."));

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _service.Dispose();

    [Fact]
    public async Task Send_SetsTheFourHeaders()
    {
        _service.Expect("https://service.example/process")
            .WithHeaders("Authorization", "Bearer token-1")
            .WithHeaders("x-gw-ims-org-id", "ABC@AdobeOrg")
            .WithHeaders("x-ims-org-id", "ABC@AdobeOrg")
            .WithHeaders("x-api-key", "client-a")
            .Respond(HttpStatusCode.OK);

        using HttpResponseMessage response = await SendAsync("https://service.example/process");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        _service.VerifyNoOutstandingExpectation();
    }

    [Theory]
    [InlineData("https://elsewhere.example/process")]
    [InlineData("https://service.example:8443/process")]
    [InlineData("https://service.example.evil.example/process")]
    [InlineData("http://service.example/process")]
    public async Task Send_ToAHostThatWasNotNamed_SendsNothing(string url)
    {
        var refused = await Assert.ThrowsAsync<AssetComputeAuthenticationException>(() => SendAsync(url + "?sig=signed"));
        Assert.DoesNotContain("signed", refused.ToString(), StringComparison.Ordinal);
        Assert.Equal(0, _tokens.Asked);
    }

    [Fact]
    public async Task Send_RefusedWith401_TriesOnceMoreWithTheNewToken()
    {
        _service.Expect("https://service.example/process").WithHeaders("Authorization", "Bearer token-1").Respond(HttpStatusCode.Unauthorized);
        _service.Expect("https://service.example/process").WithHeaders("Authorization", "Bearer token-2").WithContent("{}").Respond(HttpStatusCode.OK);

        using HttpResponseMessage response = await SendAsync("https://service.example/process");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        _service.VerifyNoOutstandingExpectation();
    }

    [Fact]
    public async Task Send_RefusedWith401AndNoNewTokenToHave_HandsTheAnswerOn()
    {
        _tokens.Renews = false;
        _service.Expect("https://service.example/process").Respond(HttpStatusCode.Unauthorized, "application/json", """{"error_code":"401013"}""");

        using HttpResponseMessage response = await SendAsync("https://service.example/process");

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Contains("401013", await response.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
    }

    private async Task<HttpResponseMessage> SendAsync(string url)
    {
        var handler = new AuthenticationHandler(_tokens, static () => Identity, static uri => uri is { Host: "service.example", Port: 443 or 80 })
        {
            InnerHandler = _service,
        };
        using var invoker = new HttpMessageInvoker(handler, disposeHandler: false);
        using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new StringContent("{}") };
        return await invoker.SendAsync(request, Cancellation);
    }

    private sealed class Tokens : IAccessTokenProvider
    {
        private int _number = 1;

        public bool Renews { get; set; } = true;

        public int Asked { get; private set; }

        public ValueTask<AccessToken> GetTokenAsync(AccessToken? rejected, CancellationToken cancellationToken)
        {
            Asked++;
            if (rejected is not null && Renews)
            {
                _number++;
            }

            return new ValueTask<AccessToken>(new AccessToken($"token-{_number}", DateTimeOffset.MaxValue));
        }
    }
}
