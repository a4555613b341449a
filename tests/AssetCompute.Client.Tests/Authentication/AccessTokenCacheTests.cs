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
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled.WaitAsync(TimeSpan.FromSeconds(5), Cancellation));
        open.SetResult();

        Assert.Equal("token-number-1", (await patient).Value);
        Assert.Equal(1, _ims.Requests);
    }
}
