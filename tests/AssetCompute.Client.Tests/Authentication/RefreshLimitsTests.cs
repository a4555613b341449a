using System.Globalization;
using System.Net;
using AssetCompute.Client.Authentication;
using AssetCompute.Client.Tests.Time;

namespace AssetCompute.Client.Tests.Authentication;

/// <summary>The backoff after a failure of the identity service, and how often a rejected token is replaced.</summary>
public sealed class RefreshLimitsTests : IAsyncDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly FakeIms _ims;
    private readonly Account _account;

    public RefreshLimitsTests()
    {
        _ims = new FakeIms(_time, TimeSpan.FromHours(24));
        _account = new Account(_ims, time: _time);
    }

    public ValueTask DisposeAsync() => _account.DisposeAsync();

    [Fact]
    public async Task AFailure_OfMany_IsFollowedByAWaitThatDoublesUpToAMinuteLessAPartOfUpToAHalf()
    {
        _ims.Answer = static _ => FakeIms.Json(HttpStatusCode.BadGateway, "");

        await FailAsync();
        foreach (double seconds in (double[])[1, 2, 4, 8, 16, 32, 60, 60])
        {
            await IsLeftAloneForAsync(seconds / 2, seconds);
        }
    }

    [Fact]
    public async Task AFailure_AfterAThousandOthers_IsFollowedByAMinute()
    {
        _ims.Answer = static _ => FakeIms.Json(HttpStatusCode.BadGateway, "");
        for (int failure = 0; failure < 1100; failure++)
        {
            await FailAsync();
            _time.Advance(TimeSpan.FromMinutes(1));
        }

        await FailAsync();
        await IsLeftAloneForAsync(30, 60);
    }

    [Theory]
    [InlineData(0, 0.5, 1)]
    [InlineData(20, 20, 21)]
    [InlineData(300, 300, 301)]
    [InlineData(301, 300, 301)]
    public async Task ARetryAfter_IsHonoredUpToFiveMinutes(int seconds, double atLeast, double atMost)
    {
        _ims.Answer = _ =>
        {
            HttpResponseMessage response = FakeIms.Json(HttpStatusCode.TooManyRequests, "");
            response.Headers.Add("Retry-After", seconds.ToString(CultureInfo.InvariantCulture));
            return response;
        };

        await FailAsync();
        await IsLeftAloneForAsync(atLeast, atMost);
    }

    [Fact]
    public async Task AFailure_AfterASuccessOrOfOtherCredentials_BeginsAnew()
    {
        _ims.Answer = static _ => FakeIms.Json(HttpStatusCode.BadGateway, "");
        await FailAsync();
        await IsLeftAloneForAsync(0.5, 1);
        await IsLeftAloneForAsync(1, 2);

        // Changed credentials end the backoff.
        _account.Change.Signal();
        await FailAsync();
        Assert.Equal(4, _ims.Requests);
        await IsLeftAloneForAsync(0.5, 1);
        _time.Advance(TimeSpan.FromMinutes(1));
        _ims.Answer = static _ => null;
        AccessToken token = await GetTokenAsync();
        _ims.Answer = static _ => FakeIms.Json(HttpStatusCode.BadGateway, "");
        await Assert.ThrowsAsync<AssetComputeAuthenticationException>(() => GetTokenAsync(token).AsTask());
        await IsLeftAloneForAsync(0.5, 1);
    }

    [Fact]
    public async Task RejectedTokens_AreReplacedTenTimesAndThenOnceInFiveSeconds()
    {
        AccessToken token = await GetTokenAsync();

        Assert.Equal(10, await ReplacedAsync());
        _time.Advance(TimeSpan.FromSeconds(5) - TimeSpan.FromTicks(1));
        Assert.Equal(0, await ReplacedAsync());
        _time.Advance(TimeSpan.FromTicks(1));
        Assert.Equal(1, await ReplacedAsync());
        _time.Advance(TimeSpan.FromSeconds(15));
        Assert.Equal(3, await ReplacedAsync());
        _time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(10, await ReplacedAsync());

        async Task<int> ReplacedAsync()
        {
            int before = _ims.Requests;
            for (int call = 0; call < 20; call++)
            {
                token = await GetTokenAsync(token);
            }

            return _ims.Requests - before;
        }
    }

    [Theory]
    [InlineData(86_400, 300, 30)]
    [InlineData(3_000, 300, 30)]
    [InlineData(1_000, 100, 10)]
    [InlineData(10, 1, 0.1)]
    public async Task AToken_IsRenewedAndTakenOutOfUseAheadOfItsEnd(double lifetime, double renewal, double last)
    {
        _ims.Lifetime = TimeSpan.FromSeconds(lifetime);
        AccessToken token = await GetTokenAsync();
        _time.Advance(TimeSpan.FromSeconds(lifetime - renewal) - TimeSpan.FromTicks(1));
        Assert.Same(token, await GetTokenAsync());
        Assert.Equal(1, _ims.Requests);

        TaskCompletionSource open = new();
        _ims.Gate = open.Task;
        _time.Advance(TimeSpan.FromSeconds(renewal - last));
        Assert.Same(token, await GetTokenAsync());
        _time.Advance(TimeSpan.FromTicks(1));
        ValueTask<AccessToken> next = GetTokenAsync();
        Assert.False(next.IsCompleted);
        open.SetResult();
        Assert.NotEqual(token.Value, (await next).Value);
        Assert.Equal(2, _ims.Requests);
    }

    [Fact]
    public async Task ATokenOfTheSameText_IsTheRejectedOne()
    {
        AccessToken token = await GetTokenAsync();

        Assert.Same(token, await GetTokenAsync(new AccessToken(token.Value.ToUpperInvariant(), token.ExpiresOn)));
        Assert.NotSame(token, await GetTokenAsync(new AccessToken(token.Value, DateTimeOffset.UnixEpoch)));
        Assert.Equal(2, _ims.Requests);
    }

    private ValueTask<AccessToken> GetTokenAsync(AccessToken? rejected = null) => _account.Tokens.GetTokenAsync(rejected, TestContext.Current.CancellationToken);

    private Task<AssetComputeAuthenticationException> FailAsync() => Assert.ThrowsAsync<AssetComputeAuthenticationException>(() => GetTokenAsync().AsTask());

    /// <summary>Asserts that the next attempt comes between the two times, in seconds. That attempt also fails.</summary>
    private async Task IsLeftAloneForAsync(double atLeast, double atMost)
    {
        int before = _ims.Requests;
        _time.Advance(TimeSpan.FromSeconds(atLeast) - TimeSpan.FromTicks(1));
        await FailAsync();
        Assert.Equal(before, _ims.Requests);
        _time.Advance(TimeSpan.FromSeconds(atMost - atLeast) + TimeSpan.FromTicks(1));
        await FailAsync();
        Assert.Equal(before + 1, _ims.Requests);
    }
}
