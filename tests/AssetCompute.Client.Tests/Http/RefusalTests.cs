using System.Net;
using AssetCompute.Client.Tests.Jobs;
using AssetCompute.Client.Tests.Time;

namespace AssetCompute.Client.Tests.Http;

/// <summary>A service that returns 429 has not processed the request, so calls retry until their total timeout.</summary>
public sealed class RefusalTests : IAsyncDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly RefusingNetwork _network = new();
    private readonly TestAccount _account;
    private Action<AssetComputeOptions> _configure = static _ => { };

    public RefusalTests() => _account = new TestAccount(options => _configure(options), _time, network: _network);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        await _account.DisposeAsync();
        _network.Dispose();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task RegisterAsync_RefusalsWithoutRetryAfterThatLast_AreBorneForTheWholeTime(bool throttles)
    {
        _configure = options => options.Throttling.Enabled = throttles;

        AssetComputeThrottledException failure = await Assert.ThrowsAsync<AssetComputeThrottledException>(RunAsync);

        Assert.InRange(failure.Elapsed, TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(5.5));
        Assert.InRange(failure.Attempts, 20, 1000);
        Assert.Equal(HttpStatusCode.TooManyRequests, failure.StatusCode);
    }

    [Fact]
    public async Task RegisterAsync_Refusals_DoNotCountAsRetries()
    {
        _configure = static options => options.Retry.MaxRetryAttempts = 1;
        _network.Statuses = [.. Enumerable.Repeat(429, 10), 503, .. Enumerable.Repeat(429, 10), 200];

        await RunAsync();

        Assert.Equal(22, _network.Requests);
    }

    [Fact]
    public async Task RegisterAsync_NoRetriesWanted_IsRefusedOnce()
    {
        _configure = static options => options.Retry.MaxRetryAttempts = 0;

        AssetComputeThrottledException failure = await Assert.ThrowsAsync<AssetComputeThrottledException>(RunAsync);

        Assert.Equal(1, failure.Attempts);
    }

    [Fact]
    public async Task RegisterAsync_RefusalThatAsksForTooLong_SaysThatThisIsWhyItGaveUp()
    {
        _network.RetryAfter = "91";

        AssetComputeThrottledException failure = await Assert.ThrowsAsync<AssetComputeThrottledException>(RunAsync);

        Assert.Equal(1, failure.Attempts);
        Assert.Equal(TimeSpan.FromSeconds(91), failure.RetryAfter);
        Assert.Contains("It asks for a longer wait than Retry.MaxRetryAfter (90 s) allows, so there was no further attempt.", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RegisterAsync_CancelledWhileRefused_EndsAtOnce()
    {
        using CancellationTokenSource cancellation = new();
        Task<RegisterResult> call = _account.Client.RegisterAsync(cancellation.Token);
        await FakeService.UntilAsync(() => _network.Requests > 0);

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call.WaitAsync(FakeService.Patience, Cancellation));
    }

    private async Task RunAsync()
    {
        Task<RegisterResult> call = _account.Client.RegisterAsync(Cancellation);
        while (!call.IsCompleted)
        {
            // Calls at the throttle continue on other threads. The timer of the total timeout must not fire before they do.
            if (_time.NextTimer <= TimeSpan.FromSeconds(5))
            {
                _time.AdvanceToNextTimer();
            }

            await Task.Yield();
        }

        await call;
    }

    /// <summary>Returns the given statuses, and then 429.</summary>
    private sealed class RefusingNetwork : HttpMessageHandler
    {
        public int Requests { get; private set; }

        public string? RetryAfter { get; set; }

        public int[] Statuses { get; set; } = [];

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            int status = Requests < Statuses.Length ? Statuses[Requests] : 429;
            Requests++;
            HttpResponseMessage response = status == 200 ? ScriptedNetwork.Success() : ScriptedNetwork.Json((HttpStatusCode)status, "");
            if (RetryAfter is not null)
            {
                response.Headers.TryAddWithoutValidation("Retry-After", RetryAfter);
            }

            return Task.FromResult(response);
        }
    }
}
