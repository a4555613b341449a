using System.Net;
using AssetCompute.Client.Authentication;
using AssetCompute.Client.Tests.Time;
using Microsoft.Extensions.DependencyInjection;

namespace AssetCompute.Client.Tests.Authentication;

/// <summary>Edge cases of token renewal: what is requested again, what is not, and how a failure is reported.</summary>
public sealed class AccessTokenRenewalTests : IAsyncDisposable
{
    private static readonly TimeSpan Day = TimeSpan.FromHours(24);

    private readonly FakeTimeProvider _time = new();
    private readonly FakeIms _ims;
    private readonly Account _account;
    private string _client = "client-a";
    private Uri? _endpoint;

    public AccessTokenRenewalTests()
    {
        _ims = new FakeIms(_time, Day);
        _account = new Account(_ims, Configure, time: _time);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _account.DisposeAsync();

    [Fact]
    public async Task GetToken_NewTokenIsTheRefusedOne_IsAskedForOnceMoreAndNoMore()
    {
        _ims.Answer = static _ => Token("always-the-same");
        AccessToken refused = await _account.GetTokenAsync();

        AccessToken next = await _account.GetTokenAsync(refused);

        Assert.Equal("always-the-same", next.Value);
        Assert.Equal(3, _ims.Requests);
    }

    [Fact]
    public async Task GetToken_ClientChangesWhileItsTokenIsFetched_GetsOneOfTheNewClient()
    {
        TaskCompletionSource open = new();
        _ims.Gate = open.Task;
        Task<AccessToken> asking = _account.GetTokenAsync().AsTask();
        while (_ims.Requests == 0)
        {
            await Task.Delay(1, Cancellation);
        }

        _client = "client-b";
        _account.Change.Signal();
        open.SetResult();

        Assert.Equal("client-b", (await asking).Identity?.ClientId);
        Assert.Equal(2, _ims.Requests);
    }

    [Fact]
    public async Task GetToken_ManyCallersInTheTimeOfRenewal_RenewOnce()
    {
        AccessToken first = await _account.GetTokenAsync();
        _time.Advance(Day - TimeSpan.FromMinutes(5));
        TaskCompletionSource open = new();
        _ims.Gate = open.Task;
        for (int caller = 0; caller < 20; caller++)
        {
            Assert.Same(first, await _account.GetTokenAsync());
        }

        open.SetResult();
        await _account.Cache.PendingRefresh;
        await _account.GetTokenAsync();

        Assert.Equal(2, _ims.Requests);
    }

    [Fact]
    public async Task GetToken_FailureAfterASuccess_IsLeftAloneForASecondAgain()
    {
        _ims.Answer = static _ => FakeIms.Json(HttpStatusCode.BadGateway, "");
        for (int failure = 0; failure < 4; failure++)
        {
            await Assert.ThrowsAsync<AssetComputeAuthenticationException>(() => _account.GetTokenAsync().AsTask());
            _time.Advance(TimeSpan.FromMinutes(1));
        }

        _ims.Answer = static _ => null;
        AccessToken token = await _account.GetTokenAsync();
        _ims.Answer = static _ => FakeIms.Json(HttpStatusCode.BadGateway, "");
        await Assert.ThrowsAsync<AssetComputeAuthenticationException>(() => _account.GetTokenAsync(token).AsTask());
        int before = _ims.Requests;
        _time.Advance(TimeSpan.FromSeconds(1));
        _ims.Answer = static _ => null;

        await _account.GetTokenAsync();

        Assert.Equal(before + 1, _ims.Requests);
    }

    [Fact]
    public async Task GetToken_CancelledBeforehand_ThrowsThoughATokenIsAtHand()
    {
        await _account.GetTokenAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _account.Tokens.GetTokenAsync(null, new CancellationToken(canceled: true)).AsTask());
    }

    [Fact]
    public async Task GetToken_AfterDisposal_SaysSo()
    {
        await _account.GetTokenAsync();
        IAccessTokenProvider tokens = _account.Tokens;

        await _account.DisposeAsync();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => tokens.GetTokenAsync(null, Cancellation).AsTask());
        Assert.Equal(1, _ims.Requests);
    }

    [Fact]
    public async Task GetToken_OfACallerWithoutContext_FetchesOne()
    {
        Task<AccessToken> asking;
        using (ExecutionContext.SuppressFlow())
        {
            asking = _account.GetTokenAsync().AsTask();
        }

        Assert.Equal("token-number-1", (await asking).Value);
    }

    [Theory]
    [InlineData("""{"access_token":"opaque"}""", "200 without the lifetime of its token")]
    [InlineData("""{"access_token":"opaque","expires_in":0}""", "200 without the lifetime of its token")]
    [InlineData("""{"access_token":"two words","expires_in":10}""", "not allowed in an HTTP header")]
    [InlineData("""{}""", "200 without an access token")]
    public async Task GetToken_AnswerThatIsNoUsableToken_IsAFailureThatMayPass(string answer, string expected)
    {
        _ims.Answer = _ => FakeIms.Json(HttpStatusCode.OK, answer);

        AssetComputeAuthenticationException failure = await Assert.ThrowsAsync<AssetComputeAuthenticationException>(() => _account.GetTokenAsync().AsTask());

        Assert.Contains(expected, failure.Message, StringComparison.Ordinal);
        Assert.True(failure.IsTransient);
    }

    [Fact]
    public async Task GetToken_LifetimeThatCannotBe_IsWarnedOf()
    {
        await _account.GetTokenAsync();
        Assert.DoesNotContain(_account.Logs.Lines, line => line.Id.Id == 1106);
        _time.Advance(Day);
        _ims.Answer = static _ => FakeIms.Json(HttpStatusCode.OK, """{"access_token":"opaque","expires_in":86400000}""");

        await _account.GetTokenAsync();

        Assert.Contains(_account.Logs.Lines, line => line.Level >= Microsoft.Extensions.Logging.LogLevel.Warning);
    }

    [Fact]
    public async Task GetToken_NoConnection_SaysSoAndMayPass()
    {
        _ims.Answer = static _ => throw new HttpRequestException("refused");

        AssetComputeAuthenticationException failure = await Assert.ThrowsAsync<AssetComputeAuthenticationException>(() => _account.GetTokenAsync().AsTask());

        Assert.Contains("could not be reached", failure.Message, StringComparison.Ordinal);
        Assert.True(failure.IsTransient);
    }

    [Fact]
    public async Task GetToken_NoAnswerInTime_SaysSoAndMayPass()
    {
        _ims.Answer = static _ => throw new TaskCanceledException("too late");

        AssetComputeAuthenticationException failure = await Assert.ThrowsAsync<AssetComputeAuthenticationException>(() => _account.GetTokenAsync().AsTask());

        Assert.Contains("did not answer in time", failure.Message, StringComparison.Ordinal);
        Assert.True(failure.IsTransient);
    }

    [Fact]
    public async Task GetToken_IdentityServiceThatIsNotHttps_IsSentNoSecret()
    {
        _endpoint = new Uri("http://ims.example");
        _account.Change.Signal();

        AssetComputeAuthenticationException failure = await Assert.ThrowsAsync<AssetComputeAuthenticationException>(() => _account.GetTokenAsync().AsTask());

        Assert.Contains("not https", failure.Message, StringComparison.Ordinal);
        Assert.Equal(0, _ims.Requests);
    }

    [Fact]
    public void Identity_OptionsThatChange_IsReadAnew()
    {
        AssetComputeIdentity first = _account.Services.GetRequiredKeyedService<AssetComputeIdentity>("");
        Assert.Same(first, _account.Services.GetRequiredKeyedService<AssetComputeIdentity>(""));

        _client = "client-b";
        _account.Change.Signal();

        Assert.Equal("client-b", _account.Services.GetRequiredKeyedService<AssetComputeIdentity>("").ClientId);
    }

    private static HttpResponseMessage Token(string value) => FakeIms.Json(HttpStatusCode.OK, $$"""{"access_token":"{{value}}","expires_in":86400}""");

    private void Configure(AssetComputeOptions options)
    {
        Account.Configured(options);
        options.ClientId = _client;
        options.ImsEndpoint = _endpoint ?? options.ImsEndpoint;
    }
}
