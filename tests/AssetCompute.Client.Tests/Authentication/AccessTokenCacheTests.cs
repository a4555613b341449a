using System.Net;
using AssetCompute.Client.Authentication;
using AssetCompute.Client.Tests.Time;

namespace AssetCompute.Client.Tests.Authentication;

public sealed class AccessTokenCacheTests : IAsyncDisposable
{
    private static readonly TimeSpan Day = TimeSpan.FromHours(24);

    private readonly FakeTimeProvider _time = new();
    private readonly FakeIms _ims;
    private readonly Account _account;

    public AccessTokenCacheTests()
    {
        _ims = new FakeIms(_time, Day);
        _account = new Account(_ims, time: _time);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _account.DisposeAsync();

    [Fact]
    public async Task GetToken_AtAColdStart_AsksOnceForManyCallers()
    {
        var open = new TaskCompletionSource();
        _ims.Gate = open.Task;
        Task<AccessToken>[] callers = [.. Enumerable.Range(0, 500).Select(_ => Task.Run(() => _account.GetTokenAsync().AsTask(), Cancellation))];
        await Task.Delay(50, Cancellation);
        open.SetResult();
        AccessToken[] tokens = await Task.WhenAll(callers);

        Assert.Equal(1, _ims.Requests);
        Assert.Single(tokens.Distinct());
    }

    [Fact]
    public async Task GetToken_FiveMinutesBeforeTheEnd_ServesTheOldTokenAndRenewsBehindIt()
    {
        AccessToken first = await _account.GetTokenAsync();
        _time.Advance(Day - TimeSpan.FromMinutes(5) - TimeSpan.FromSeconds(1));
        Assert.Same(first, await _account.GetTokenAsync());
        Assert.Equal(1, _ims.Requests);

        _time.Advance(TimeSpan.FromSeconds(1));
        var open = new TaskCompletionSource();
        _ims.Gate = open.Task;
        Assert.Same(first, await _account.GetTokenAsync());
        Assert.Same(first, await _account.GetTokenAsync());

        open.SetResult();
        await _account.Cache.PendingRefresh;
        Assert.NotSame(first, await _account.GetTokenAsync());
        Assert.Equal(2, _ims.Requests);
    }

    [Fact]
    public async Task GetToken_WhenTheRefreshFails_GoesOnServingTheOldTokenAndBacksOff()
    {
        AccessToken first = await _account.GetTokenAsync();
        _time.Advance(Day - TimeSpan.FromMinutes(4));
        _ims.Answer = static _ => FakeIms.Json(HttpStatusCode.ServiceUnavailable, "");
        for (int call = 0; call < 100; call++)
        {
            Assert.Same(first, await _account.GetTokenAsync());
            await _account.Cache.PendingRefresh;
        }

        Assert.Equal(2, _ims.Requests);

        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Same(first, await _account.GetTokenAsync());
        await _account.Cache.PendingRefresh;
        Assert.Equal(3, _ims.Requests);
    }

    [Fact]
    public async Task GetToken_OfACancelledCaller_EndsAtOnceAndLeavesTheRefreshToTheOthers()
    {
        var open = new TaskCompletionSource();
        _ims.Gate = open.Task;
        using var impatient = new CancellationTokenSource();
        Task<AccessToken> cancelled = _account.Tokens.GetTokenAsync(null, impatient.Token).AsTask();
        Task<AccessToken> patient = _account.GetTokenAsync().AsTask();

        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled.WaitAsync(TimeSpan.FromMinutes(5), Cancellation));
        open.SetResult();

        Assert.Equal("token-number-1", (await patient).Value);
        Assert.Equal(1, _ims.Requests);
    }

    [Fact]
    public async Task GetToken_InTheLastMomentOfTheTokensLife_WaitsForTheNewOne()
    {
        AccessToken first = await _account.GetTokenAsync();
        _time.Advance(Day - TimeSpan.FromSeconds(30));

        AccessToken next = await _account.GetTokenAsync();

        Assert.NotEqual(first.Value, next.Value);
    }

    [Fact]
    public async Task GetToken_WithNoNewTokenToHave_ServesTheOldOneToItsVeryEnd()
    {
        AccessToken first = await _account.GetTokenAsync();
        _ims.Answer = static _ => FakeIms.Json(HttpStatusCode.ServiceUnavailable, "");
        _time.Advance(Day - TimeSpan.FromSeconds(10));

        Assert.Same(first, await _account.GetTokenAsync());
        Assert.Same(first, await _account.GetTokenAsync());
        Assert.Equal(2, _ims.Requests);

        _time.Advance(TimeSpan.FromSeconds(10));
        await Assert.ThrowsAsync<AssetComputeAuthenticationException>(() => _account.GetTokenAsync().AsTask());
    }

    [Fact]
    public async Task GetToken_WithARejectedToken_FetchesOnceForAllWhoHeldIt()
    {
        AccessToken revoked = await _account.GetTokenAsync();
        Task<AccessToken>[] callers =
            [.. Enumerable.Range(0, 200).Select(_ => Task.Run(() => _account.GetTokenAsync(revoked).AsTask(), Cancellation))];
        AccessToken[] tokens = await Task.WhenAll(callers);

        Assert.Equal("token-number-2", Assert.Single(tokens.Distinct()).Value);
        Assert.Equal(2, _ims.Requests);
        Assert.Equal("token-number-2", (await _account.GetTokenAsync(revoked)).Value);
        Assert.Equal(2, _ims.Requests);
    }

    [Fact]
    public async Task GetToken_OfAServiceThatRefusesEveryToken_DoesNotTurnEachCallIntoATokenRequest()
    {
        AccessToken token = await _account.GetTokenAsync();
        for (int call = 0; call < 1000; call++)
        {
            token = await _account.GetTokenAsync(token);
            _time.Advance(TimeSpan.FromMilliseconds(10));
        }

        // The limit is a burst of 10 replacements, and then one every 5 seconds. The loop takes 10 seconds.
        Assert.InRange(_ims.Requests, 11, 13);
        Assert.InRange(_account.Logs.Lines.Count(line => line.Id.Id == 1105 && line.Text.Contains("account 'default'", StringComparison.Ordinal)), 1, 3);
    }

    [Fact]
    public async Task GetToken_OfARevokedTokenThatCannotBeReplaced_Fails()
    {
        AccessToken token = await _account.GetTokenAsync();
        _ims.Answer = static _ => FakeIms.WrongSecret();

        await Assert.ThrowsAsync<AssetComputeAuthenticationException>(() => _account.GetTokenAsync(token).AsTask());
        await Assert.ThrowsAsync<AssetComputeAuthenticationException>(() => _account.GetTokenAsync().AsTask());
    }

    [Fact]
    public async Task GetToken_AfterAFailure_FailsAtOnceUntilTheBackoffIsOver()
    {
        _ims.Answer = static _ => FakeIms.Json(HttpStatusCode.BadGateway, "<html>");
        var thrown = new List<AssetComputeAuthenticationException>();
        for (int call = 0; call < 50; call++)
        {
            thrown.Add(await Assert.ThrowsAsync<AssetComputeAuthenticationException>(() => _account.GetTokenAsync().AsTask()));
        }

        Assert.Equal(1, _ims.Requests);
        Assert.All(thrown, exception => Assert.True(exception.IsTransient));
        Assert.Equal(50, thrown.Distinct().Count());

        _time.Advance(TimeSpan.FromSeconds(1));
        _ims.Answer = static _ => null;
        Assert.Equal("token-number-2", (await _account.GetTokenAsync()).Value);
    }

    [Fact]
    public async Task GetToken_OfAnIdentityServiceThatStaysDown_AsksLessAndLessOften()
    {
        _ims.Answer = static _ => FakeIms.Json(HttpStatusCode.BadGateway, "");
        for (int second = 0; second < 3600; second++)
        {
            await Assert.ThrowsAsync<AssetComputeAuthenticationException>(() => _account.GetTokenAsync().AsTask());
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        // From the seventh failure on, the backoff is 30 to 60 seconds.
        Assert.InRange(_ims.Requests, 60, 127);
    }

    [Theory]
    [InlineData(120, 119)]
    [InlineData(86400, 299)]
    public async Task GetToken_WhenTheIdentityServiceSaysHowLongToWait_LeavesItAloneForThatLongAtMostFiveMinutes(int retryAfter, int quiet)
    {
        _ims.Answer = _ =>
        {
            HttpResponseMessage response = FakeIms.Json(HttpStatusCode.TooManyRequests, "");
            response.Headers.TryAddWithoutValidation("Retry-After", $"{retryAfter}");
            return response;
        };
        var throttled = await Assert.ThrowsAsync<AssetComputeAuthenticationException>(() => _account.GetTokenAsync().AsTask());
        Assert.Equal(TimeSpan.FromSeconds(retryAfter), throttled.RetryAfter);

        _time.Advance(TimeSpan.FromSeconds(quiet));
        await Assert.ThrowsAsync<AssetComputeAuthenticationException>(() => _account.GetTokenAsync().AsTask());
        Assert.Equal(1, _ims.Requests);

        // Jitter adds up to one second.
        _time.Advance(TimeSpan.FromSeconds(2));
        await Assert.ThrowsAsync<AssetComputeAuthenticationException>(() => _account.GetTokenAsync().AsTask());
        Assert.Equal(2, _ims.Requests);
    }

    [Fact]
    public async Task GetToken_AfterTheClockWasSetBack_StillRenewsWhatTheServiceRefuses()
    {
        AccessToken first = await _account.GetTokenAsync();
        _time.SetUtcNow(_time.GetUtcNow() - TimeSpan.FromDays(30));

        AccessToken next = await _account.GetTokenAsync(first);

        Assert.NotEqual(first.Value, next.Value);
    }

    [Fact]
    public async Task DisposeAsync_EndsTheRefreshInFlightAndTellsItsCallers()
    {
        _ims.Gate = new TaskCompletionSource().Task;
        Task<AccessToken> waiting = _account.GetTokenAsync().AsTask();
        AccessTokenCache cache = _account.Cache;

        await cache.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromMinutes(5), Cancellation);

        await Assert.ThrowsAsync<ObjectDisposedException>(() => waiting);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => _account.GetTokenAsync().AsTask());
        Assert.True(cache.PendingRefresh.IsCompleted);
    }

    [Fact]
    public async Task GetToken_ServedFromTheCache_CompletesSynchronously()
    {
        await _account.GetTokenAsync();
        Task<AccessToken> served = _account.GetTokenAsync().AsTask();
        Assert.True(served.IsCompletedSuccessfully);
        await served;
    }

    [Fact]
    public async Task GetToken_OfACallerWithAnActivity_DoesNotMakeTheRefreshPartOfIt()
    {
        using var activity = new System.Diagnostics.Activity("a request").Start();
        System.Diagnostics.Activity? seen = activity;
        _ims.Answer = _ =>
        {
            seen = System.Diagnostics.Activity.Current;
            return null;
        };

        await _account.GetTokenAsync();

        Assert.NotEqual(activity.Id, seen?.ParentId);
        Assert.NotSame(activity, seen);
    }
}
