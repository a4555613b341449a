using System.Net;
using AssetCompute.Client.Authentication;
using AssetCompute.Client.Http;
using RichardSzalay.MockHttp;

namespace AssetCompute.Client.Tests.Http;

public sealed class AuthenticationHandlerTests : IDisposable
{
    private static readonly AssetComputeIdentity Identity = new() { OrganizationId = "ABC@AdobeOrg", ClientId = "client-a" };

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
    public async Task Send_WithoutAnAbsoluteUrl_SendsNothing()
    {
        await Assert.ThrowsAsync<AssetComputeAuthenticationException>(() => SendAsync("/process"));
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

    [Fact]
    public async Task Send_RefusedTwice_HandsTheSecondAnswerOnAndDisposesTheFirst()
    {
        var first = new TrackedContent();
        _service.Expect("https://service.example/process").Respond(_ => new HttpResponseMessage(HttpStatusCode.Unauthorized) { Content = first });
        _service.Expect("https://service.example/process").Respond(HttpStatusCode.Unauthorized);

        using HttpResponseMessage response = await SendAsync("https://service.example/process");

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.True(first.IsDisposed);
        Assert.Equal(2, _tokens.Asked);
        _service.VerifyNoOutstandingExpectation();
    }

    [Fact]
    public async Task Send_RefusedAndNoTokenToHave_DisposesTheAnswerAndThrows()
    {
        var first = new TrackedContent();
        _tokens.FailsOnRenewal = true;
        _service.Expect("https://service.example/process").Respond(_ => new HttpResponseMessage(HttpStatusCode.Unauthorized) { Content = first });

        await Assert.ThrowsAsync<AssetComputeAuthenticationException>(() => SendAsync("https://service.example/process"));

        Assert.True(first.IsDisposed);
    }

    [Fact]
    public async Task Send_WithATokenThatKnowsItsClient_SendsThatClientsId()
    {
        _tokens.Identity = new AssetComputeIdentity { OrganizationId = "Other@AdobeOrg", ClientId = "client-b" };
        _service.Expect("https://service.example/process")
            .WithHeaders("x-gw-ims-org-id", "Other@AdobeOrg")
            .WithHeaders("x-api-key", "client-b")
            .Respond(HttpStatusCode.OK);

        using HttpResponseMessage response = await SendAsync("https://service.example/process");

        _service.VerifyNoOutstandingExpectation();
    }

    [Theory]
    [InlineData("http://127.0.0.1:9000/process")]
    [InlineData("http://localhost:9000/process")]
    [InlineData("http://[::1]:9000/process")]
    public async Task Send_ToALoopbackAddress_NeedsNoHttps(string url)
    {
        _service.Expect(url).Respond(HttpStatusCode.OK);

        using HttpResponseMessage response = await SendAsync(url);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task Send_OfARequestThatBringsHeadersOfItsOwn_ReplacesThem()
    {
        _service.Expect("https://service.example/process").With(request =>
            request.Headers.NonValidated["Authorization"].Single() == "Bearer token-1"
            && request.Headers.NonValidated["x-api-key"].Single() == "client-a").Respond(HttpStatusCode.OK);

        using HttpResponseMessage response = await SendAsync("https://service.example/process", request =>
        {
            request.Headers.TryAddWithoutValidation("authorization", "Bearer of-somebody-else");
            request.Headers.TryAddWithoutValidation("X-Api-Key", "of-somebody-else");
        });

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    private async Task<HttpResponseMessage> SendAsync(string url, Action<HttpRequestMessage>? prepare = null)
    {
        var handler = new AuthenticationHandler(_tokens, static () => Identity, static uri => uri.IsLoopback || uri is { Host: "service.example", Port: 443 or 80 })
        {
            InnerHandler = _service,
        };
        using var invoker = new HttpMessageInvoker(handler, disposeHandler: false);
        using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new StringContent("{}") };
        prepare?.Invoke(request);
        return await invoker.SendAsync(request, Cancellation);
    }

    private sealed class Tokens : IAccessTokenProvider
    {
        private int _number = 1;

        public bool Renews { get; set; } = true;

        public bool FailsOnRenewal { get; set; }

        public AssetComputeIdentity? Identity { get; set; }

        public int Asked { get; private set; }

        public ValueTask<AccessToken> GetTokenAsync(AccessToken? rejected, CancellationToken cancellationToken)
        {
            Asked++;
            if (rejected is not null && FailsOnRenewal)
            {
                throw new AssetComputeAuthenticationException("No token.");
            }

            if (rejected is not null && Renews)
            {
                _number++;
            }

            return new ValueTask<AccessToken>(new AccessToken($"token-{_number}", DateTimeOffset.MaxValue) { Identity = Identity });
        }
    }

    private sealed class TrackedContent() : ByteArrayContent([])
    {
        public bool IsDisposed { get; private set; }

        protected override void Dispose(bool disposing)
        {
            IsDisposed = true;
            base.Dispose(disposing);
        }
    }
}
