using System.Net;
using AssetCompute.Client.Tests.Jobs;
using AssetCompute.Client.Tests.Time;

namespace AssetCompute.Client.Tests.Http;

/// <summary>The throttle as a caller sees it: which calls free a slot, and what happens if a call gets no turn.</summary>
public sealed class ThrottleTurnTests : IAsyncDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly ScriptedNetwork _network = new();
    private readonly TestAccount _account;
    private Action<AssetComputeOptions> _configure = static _ => { };

    public ThrottleTurnTests() => _account = new TestAccount(
        options =>
        {
            options.Retry.UseJitter = false;
            _configure(options);
        },
        _time,
        network: _network);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        await _account.DisposeAsync();
        _network.Dispose();
    }

    [Fact]
    public async Task Failed_call_makes_room_for_the_next()
    {
        _configure = static options =>
        {
            options.Throttling.MaxConcurrentRequests = 1;
            options.Retry.MaxRetryAttempts = 0;
        };
        _network.ExpectFailure("/register", new HttpRequestException(HttpRequestError.ConnectionError, "refused")).ExpectSuccess("/register");

        await Assert.ThrowsAsync<AssetComputeUnavailableException>(() => _account.Client.RegisterAsync(Cancellation));

        await _account.Client.RegisterAsync(Cancellation).WaitAsync(FakeService.Patience, Cancellation);
    }

    [Fact]
    public async Task Refused_call_makes_room_for_itself()
    {
        _configure = static options => options.Throttling.MaxConcurrentRequests = 1;
        _network.Expect("/register", 429, "1").Expect("/register", 429, "1").ExpectSuccess("/register");

        await AdvanceUntilAsync(_account.Client.RegisterAsync(Cancellation), seconds: 5);
    }

    [Fact]
    public async Task Time_that_runs_out_before_the_turn_comes_is_told_as_throttling()
    {
        _configure = static options => options.Retry.AttemptTimeout = options.Retry.TotalTimeout = TimeSpan.FromSeconds(30);
        _network.Expect("/register", 429, "60");

        Task<RegisterResult> call = _account.Client.RegisterAsync(Cancellation);
        AssetComputeThrottledException failure = await Assert.ThrowsAsync<AssetComputeThrottledException>(() => AdvanceUntilAsync(call, seconds: 30));

        Assert.Contains("was refused (429) until its total timeout was over", failure.Message, StringComparison.Ordinal);
        Assert.Equal((HttpStatusCode.TooManyRequests, 1, TimeSpan.FromSeconds(60)), (failure.StatusCode, failure.Attempts, failure.RetryAfter));
    }

    [Fact]
    public async Task Time_that_runs_out_after_the_turn_came_is_told_as_silence()
    {
        _configure = static options =>
        {
            options.Retry.AttemptTimeout = TimeSpan.FromSeconds(5);
            options.Retry.MaxRetryAttempts = 1;
        };
        _network.Expect("/register", 429, "1").ExpectHang("/register").ExpectHang("/register");

        Task<RegisterResult> call = _account.Client.RegisterAsync(Cancellation);
        AssetComputeUnavailableException failure = await Assert.ThrowsAsync<AssetComputeUnavailableException>(() => AdvanceUntilAsync(call, seconds: 5));

        Assert.Contains("there was no answer within 5 s", failure.Message, StringComparison.Ordinal);
        Assert.EndsWith($"(3 attempts in 11.5 s, request id {failure.RequestId})", failure.Message, StringComparison.Ordinal);
    }

    /// <summary>Advances the clock to each timer that is due within the given time. Later timers are timeouts, and must not fire.</summary>
    private async Task AdvanceUntilAsync(Task call, int seconds)
    {
        await FakeService.UntilAsync(() =>
        {
            if (!call.IsCompleted && _time.NextTimer <= TimeSpan.FromSeconds(seconds))
            {
                _time.AdvanceToNextTimer();
            }

            return call.IsCompleted;
        });
        await call;
    }
}
