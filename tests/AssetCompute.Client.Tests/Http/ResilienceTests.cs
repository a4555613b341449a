using System.Net;
using AssetCompute.Client.Authentication;
using AssetCompute.Client.Tests.Time;

namespace AssetCompute.Client.Tests.Http;

/// <summary>What is retried, and when. Throttling is off to isolate the waits of one call, and jitter is off to make them exact.</summary>
public sealed partial class ResilienceTests : IAsyncDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly ScriptedNetwork _network = new();
    private readonly TestAccount _account;
    private Action<AssetComputeOptions>? _configure;

    public ResilienceTests() => _account = new TestAccount(
        options =>
        {
            options.Throttling.Enabled = false;
            options.Retry.UseJitter = false;
            _configure?.Invoke(options);
        },
        _time,
        network: _network);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static ProcessRequest Request { get; } = new()
    {
        Source = new Uri("https://source.example/a.jpg"),
        Renditions = [new Rendition { Format = RenditionFormat.Png, Target = new Uri("https://target.example/a.png") }],
    };

    public async ValueTask DisposeAsync()
    {
        await _account.DisposeAsync();
        _network.Dispose();
    }

    [Theory]
    [InlineData(408)]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(502)]
    [InlineData(503)]
    [InlineData(504)]
    public async Task Every_operation_transient_status_is_tried_again_after_waits_that_double(int status)
    {
        foreach ((string path, Func<Task> call) in Operations())
        {
            _network.Expect(path, status);
            _network.Expect(path, status);
            _network.Expect(path, status);
            _network.ExpectSuccess(path);

            List<TimeSpan> waits = await RunAsync(call());

            Assert.Equal([Milliseconds(500), Milliseconds(1000), Milliseconds(2000)], waits);
            Assert.Equal(0, _network.Remaining);
        }
    }

    [Theory]
    [InlineData(302)]
    [InlineData(400)]
    [InlineData(403)]
    [InlineData(404)]
    [InlineData(410)]
    [InlineData(413)]
    public async Task Every_operation_final_status_is_not_tried_again(int status)
    {
        foreach ((string path, Func<Task> call) in Operations())
        {
            _network.Expect(path, status);

            AssetComputeException exception = await Assert.ThrowsAnyAsync<AssetComputeException>(call);

            Assert.Equal(status, (int)exception.StatusCode!);
            Assert.Equal(1, exception.Attempts);
        }
    }

    [Theory]
    [InlineData(HttpRequestError.ConnectionError)]
    [InlineData(HttpRequestError.NameResolutionError)]
    [InlineData(HttpRequestError.SecureConnectionError)]
    [InlineData(HttpRequestError.ResponseEnded)]
    [InlineData(HttpRequestError.InvalidResponse)]
    public async Task Every_operation_broken_connection_is_tried_again(HttpRequestError error)
    {
        foreach ((string path, Func<Task> call) in Operations())
        {
            _network.ExpectFailure(path, new HttpRequestException(error, "broken"));
            _network.ExpectSuccess(path);

            Assert.Single(await RunAsync(call()));
        }
    }

    [Theory]
    [InlineData(500)]
    [InlineData(503)]
    [InlineData(408)]
    public async Task ProcessAsync_unclear_status_with_the_option_off_is_not_tried_again(int status)
    {
        _configure = static options => options.Retry.RetryProcessOnServerError = false;
        _network.Expect("/process", status);

        AssetComputeUnavailableException exception = await Assert.ThrowsAsync<AssetComputeUnavailableException>(() => _account.Client.ProcessAsync(Request, Cancellation));

        Assert.Equal(1, exception.Attempts);
    }

    [Fact]
    public async Task ProcessAsync_with_the_option_off_still_repeats_what_was_refused_or_never_left()
    {
        _configure = static options => options.Retry.RetryProcessOnServerError = false;
        _network.Expect("/process", 429);
        _network.ExpectFailure("/process", new HttpRequestException(HttpRequestError.ConnectionError, "refused"));
        _network.ExpectSuccess("/process");

        Assert.Equal(2, (await RunAsync(_account.Client.ProcessAsync(Request, Cancellation))).Count);
    }

    [Fact]
    public async Task ProcessAsync_connection_that_takes_too_long_is_tried_again_and_never_unclear()
    {
        _configure = static options => options.Retry.RetryProcessOnServerError = false;
        _network.ExpectFailure("/process", new TaskCanceledException("", new TimeoutException()));
        _network.ExpectFailure("/process", new TaskCanceledException("", new TimeoutException()));
        _network.ExpectSuccess("/process");

        Assert.Equal(2, (await RunAsync(_account.Client.ProcessAsync(Request, Cancellation))).Count);
    }

    [Fact]
    public async Task RegisterAsync_with_the_option_for_process_off_is_tried_again()
    {
        _configure = static options => options.Retry.RetryProcessOnServerError = false;
        _network.Expect("/register", (int)HttpStatusCode.BadGateway);
        _network.ExpectSuccess("/register");

        Assert.Single(await RunAsync(_account.Client.RegisterAsync(Cancellation)));
    }

    [Fact]
    public async Task ProcessAsync_all_attempts_bear_one_id_and_one_body_and_another_call_another_id()
    {
        List<(string Id, string Body)> sent = [];
        _network.Expect("/process", request => Keep(request, HttpStatusCode.ServiceUnavailable));
        _network.Expect("/process", request => Keep(request, HttpStatusCode.ServiceUnavailable));
        _network.Expect("/process", request => Keep(request, HttpStatusCode.OK));
        _network.Expect("/process", request => Keep(request, HttpStatusCode.OK));

        await RunAsync(_account.Client.ProcessAsync(Request, Cancellation));
        await RunAsync(_account.Client.ProcessAsync(Request, Cancellation));

        Assert.Equal(4, sent.Count);
        Assert.Single(sent.Take(3).Distinct());
        Assert.NotEqual(sent[0].Id, sent[3].Id);
        Assert.Equal(sent[0].Body, sent[3].Body);
        Assert.True(Guid.TryParse(sent[0].Id, out _));

        HttpResponseMessage Keep(HttpRequestMessage request, HttpStatusCode status)
        {
            using StreamReader reader = new(request.Content!.ReadAsStream(Cancellation));
            sent.Add((Assert.Single(request.Headers.GetValues("x-request-id")), reader.ReadToEnd()));
            return ScriptedNetwork.Json(status, """{"ok":true}""");
        }
    }

    [Theory]
    [InlineData(HttpStatusCode.TooManyRequests, "60", 60)]
    [InlineData(HttpStatusCode.ServiceUnavailable, "7", 7)]
    [InlineData(HttpStatusCode.ServiceUnavailable, "Thu, 01 Jan 2026 00:00:20 GMT", 20)]
    [InlineData(HttpStatusCode.ServiceUnavailable, "Wed, 31 Dec 2025 00:00:20 GMT", 1)]
    [InlineData(HttpStatusCode.ServiceUnavailable, "0", 0.5)]
    [InlineData(HttpStatusCode.ServiceUnavailable, "nonsense", 0.5)]
    public async Task Retry_after_is_the_least_wait(HttpStatusCode status, string value, double seconds)
    {
        _network.Expect("/register", (int)status, value);
        _network.ExpectSuccess("/register");

        Assert.Equal([TimeSpan.FromSeconds(seconds)], await RunAsync(_account.Client.RegisterAsync(Cancellation)));
    }

    [Fact]
    public async Task Retry_after_beyond_the_cap_ends_the_call_at_once_with_the_wait()
    {
        _network.Expect("/process", 429, "410400");

        AssetComputeThrottledException throttled = await Assert.ThrowsAsync<AssetComputeThrottledException>(() => _account.Client.ProcessAsync(Request, Cancellation));

        Assert.Equal(TimeSpan.FromHours(114), throttled.RetryAfter);
        Assert.Equal(1, throttled.Attempts);

        _network.Expect("/process", (int)HttpStatusCode.ServiceUnavailable, "91");

        AssetComputeUnavailableException unavailable = await Assert.ThrowsAsync<AssetComputeUnavailableException>(() => _account.Client.ProcessAsync(Request, Cancellation));

        Assert.Equal(TimeSpan.FromSeconds(91), unavailable.RetryAfter);
    }

    [Fact]
    public async Task Attempts_used_up_throws_with_the_last_answer_and_all_facts()
    {
        Repeat(7, () => _network.Expect("/process", 503, body: """{"message":"down"}"""));

        Task<ProcessResult> call = _account.Client.ProcessAsync(Request with { RequestId = "r-1" }, Cancellation);
        AssetComputeUnavailableException exception = await Assert.ThrowsAsync<AssetComputeUnavailableException>(() => RunAsync(call));

        Assert.Equal(7, exception.Attempts);
        Assert.Equal(TimeSpan.FromSeconds(0.5 + 1 + 2 + 4 + 4 + 4), exception.Elapsed);
        Assert.Equal("r-1", exception.RequestId);
        Assert.Contains("\"down\"", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_retries_wanted_means_one_attempt()
    {
        _configure = static options => options.Retry.MaxRetryAttempts = 0;
        _network.Expect("/register", (int)HttpStatusCode.ServiceUnavailable);

        AssetComputeUnavailableException exception = await Assert.ThrowsAsync<AssetComputeUnavailableException>(() => _account.Client.RegisterAsync(Cancellation));

        Assert.Equal(1, exception.Attempts);
    }

    [Fact]
    public async Task Refusals_with_a_tiny_delay_are_not_repeated_at_once()
    {
        _configure = static options => options.Retry.Delay = options.Retry.MaxDelay = Milliseconds(1);
        Repeat(3, () => _network.Expect("/process", 429));
        _network.ExpectSuccess("/process");

        Assert.Equal([Milliseconds(200), Milliseconds(400), Milliseconds(800)], await RunAsync(_account.Client.ProcessAsync(Request, Cancellation)));
    }

    private static void Repeat(int times, Action action)
    {
        for (int time = 0; time < times; time++)
        {
            action();
        }
    }

    private static TimeSpan Milliseconds(int milliseconds) => TimeSpan.FromMilliseconds(milliseconds);

    private IEnumerable<(string Path, Func<Task> Call)> Operations() =>
    [
        ("/register", () => _account.Client.RegisterAsync(Cancellation)),
        ("/unregister", () => _account.Client.UnregisterAsync(Cancellation)),
        ("/process", () => _account.Client.ProcessAsync(Request, Cancellation)),
    ];

    /// <summary>Runs a call to completion, advances the clock at each wait, and returns the waits.</summary>
    private async Task<List<TimeSpan>> RunAsync(Task call)
    {
        List<TimeSpan> waits = [];
        while (!call.IsCompleted)
        {
            waits.Add(_time.NextTimer!.Value);
            _time.AdvanceToNextTimer();
        }

        await call;
        return waits;
    }

    private sealed class FirstTokenHangs : IAccessTokenProvider
    {
        private int _asked;

        public ValueTask<AccessToken> GetTokenAsync(AccessToken? rejected, CancellationToken cancellationToken) => Interlocked.Increment(ref _asked) == 1
            ? new(new TaskCompletionSource<AccessToken>().Task.WaitAsync(cancellationToken))
            : new(new AccessToken("t", DateTimeOffset.MaxValue));
    }
}
