using Microsoft.Extensions.DependencyInjection;

namespace AssetCompute.Client.Tests.Http;

public sealed partial class FirstAttemptTests
{
    [Fact]
    public async Task RegisterAsync_TimeoutOfTheApplicationsOwn_IsNamed()
    {
        await using TestAccount account = new(
            timeProvider: _time,
            configureServices: static builder => builder.ServiceHttpClient.ConfigureHttpClient(static http => http.Timeout = TimeSpan.FromMilliseconds(50)),
            network: _network);
        _network.ExpectHang("/register");

        AssetComputeUnavailableException failure = await Assert.ThrowsAsync<AssetComputeUnavailableException>(() => account.Client.RegisterAsync(Cancellation));

        Assert.Contains("the HttpClient.Timeout that the application set has elapsed", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ProcessAsync_TimeOfAllAttemptsShorterThanWhatIsLeftOfTheFirst_IsNamed()
    {
        await using TestAccount account = new(
            static options =>
            {
                options.Throttling.Enabled = false;
                options.Retry.AttemptTimeout = TimeSpan.FromSeconds(20);
                options.Retry.TotalTimeout = TimeSpan.FromSeconds(20);
            },
            _time,
            network: _network);
        _network.ExpectHang("/process");
        Task<ProcessResult> call = account.Client.ProcessAsync(Request, Cancellation);

        _time.Advance(TimeSpan.FromSeconds(20));

        AssetComputeUnavailableException exception = await Assert.ThrowsAsync<AssetComputeUnavailableException>(() => call.WaitAsync(s_patience, Cancellation));
        Assert.Equal(1, exception.Attempts);
        Assert.Equal(TimeSpan.FromSeconds(20), exception.Elapsed);
        Assert.Contains("within 20 s", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ProcessAsync_TimeOfAllAttemptsEndsInTheWaitForTheFirst_SaysThatItWasNoTurn()
    {
        await using TestAccount account = NewWaitingAccount();
        for (int refused = 0; refused < 8; refused++)
        {
            _network.Expect("/process", 429, retryAfter: "80");
            await Assert.ThrowsAsync<AssetComputeThrottledException>(() => account.Client.ProcessAsync(Request, Cancellation));
        }

        Task<ProcessResult> waiting = account.Client.ProcessAsync(Request, Cancellation);

        _time.Advance(TimeSpan.FromSeconds(39.9));
        Assert.False(waiting.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(0.1));

        AssetComputeThrottledException exception = await Assert.ThrowsAsync<AssetComputeThrottledException>(() => waiting.WaitAsync(s_patience, Cancellation));
        Assert.Equal(0, exception.Attempts);
        Assert.Equal(TimeSpan.FromSeconds(40), exception.Elapsed);
        Assert.Null(exception.StatusCode);
        Assert.Contains("timed out waiting for the throttle", exception.Message, StringComparison.Ordinal);
        Assert.EndsWith($"request id {exception.RequestId})", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ProcessAsync_FirstAttemptAfterAWait_HasOnlyWhatIsLeftOfTheTimeOfAll()
    {
        await using TestAccount account = NewWaitingAccount();
        _network.ExpectHang("/process").ExpectHang("/process");
        Task<ProcessResult> first = account.Client.ProcessAsync(Request, Cancellation);
        Task<ProcessResult> second = account.Client.ProcessAsync(Request, Cancellation);

        _time.Advance(TimeSpan.FromSeconds(30));
        AssetComputeUnavailableException givenUp = await Assert.ThrowsAsync<AssetComputeUnavailableException>(() => first.WaitAsync(s_patience, Cancellation));
        Assert.Contains("within 30 s", givenUp.Message, StringComparison.Ordinal);
        while (_network.Remaining > 0)
        {
            await Task.Yield();
        }

        _time.Advance(TimeSpan.FromSeconds(9.9));
        Assert.False(second.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(0.1));

        AssetComputeUnavailableException exception = await Assert.ThrowsAsync<AssetComputeUnavailableException>(() => second.WaitAsync(s_patience, Cancellation));
        Assert.Equal(1, exception.Attempts);
        Assert.Contains("within 40 s", exception.Message, StringComparison.Ordinal);
    }

    /// <summary>Creates an account with one request at a time and no retries. Each request has 30 seconds, or 40 seconds including the wait.</summary>
    private TestAccount NewWaitingAccount() => new(
        static options =>
        {
            options.Throttling.MaxConcurrentRequests = 1;
            options.Retry.MaxRetryAttempts = 0;
            options.Retry.UseJitter = false;
            options.Retry.AttemptTimeout = TimeSpan.FromSeconds(30);
            options.Retry.TotalTimeout = TimeSpan.FromSeconds(40);
        },
        _time,
        network: _network);
}
