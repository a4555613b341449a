using System.Net;
using AssetCompute.Client.Authentication;
using AssetCompute.Client.Http;
using AssetCompute.Client.Tests.Time;
using Microsoft.Extensions.DependencyInjection;

namespace AssetCompute.Client.Tests.Authentication;

/// <summary>The lifetime of tokens in a long-running process, with the handler that adds them to requests.</summary>
public sealed class LongRunTests : IAsyncDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly FakeIms _ims;
    private readonly Account _account;
    private readonly Service _service;
    private readonly HttpMessageInvoker _client;

    public LongRunTests()
    {
        _ims = new FakeIms(_time, TimeSpan.FromSeconds(3));
        _account = new Account(_ims, time: _time);
        _service = new Service(_ims);
        _client = new HttpMessageInvoker(new AuthenticationHandler(
            _account.Tokens,
            () => _account.Services.GetRequiredKeyedService<AssetComputeIdentity>(""),
            _account.Services.GetRequiredKeyedService<AllowedHosts>("").IsAllowed)
        {
            InnerHandler = _service,
        });
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _account.DisposeAsync();
    }

    [Fact]
    public async Task TwoDaysWithTokensOfThreeSeconds_NeverSeeA401AndFetchNoTokenTooMany()
    {
        var random = new Random(20261122);
        DateTimeOffset end = _time.GetUtcNow() + TimeSpan.FromHours(48);
        DateTimeOffset renewal = DateTimeOffset.MinValue;
        int demanded = 0;
        for (int left = 10_000; left > 0; left--)
        {
            // A token is due for renewal after 90% of its lifetime. The first request after that time causes the renewal.
            if (_time.GetUtcNow() >= renewal)
            {
                demanded++;
                renewal = _time.GetUtcNow() + TimeSpan.FromSeconds(2.7);
            }

            Assert.Equal(HttpStatusCode.OK, await SendAsync());
            await _account.Cache.PendingRefresh;

            // Requests come in bursts or minutes apart, and are spread over the 48 hours.
            double mean = (end - _time.GetUtcNow()).TotalSeconds / left;
            _time.Advance(TimeSpan.FromSeconds(random.Next(4) == 0 ? mean * 8 * random.NextDouble() : random.NextDouble() * 0.5));
        }

        Assert.Equal(10_000, _service.Requests);
        Assert.Equal(0, _service.Refusals);
        Assert.Equal(demanded, _ims.Requests);
        Assert.True(_time.GetUtcNow() > end - TimeSpan.FromHours(1));
    }

    [Fact]
    public async Task ATokenRevokedInTheMiddle_CostsEachCallInFlightOneMoreRequestAndTheAccountOneToken()
    {
        _ims.Lifetime = TimeSpan.FromHours(24);
        Assert.Equal(HttpStatusCode.OK, await SendAsync());

        var open = new TaskCompletionSource();
        _service.Gate = open.Task;
        Task<HttpStatusCode>[] inFlight = [.. Enumerable.Range(0, 200).Select(_ => Task.Run(SendAsync, Cancellation))];
        while (_service.Requests < 201)
        {
            await Task.Delay(1, Cancellation);
        }

        _ims.Revoke("token-number-1");
        open.SetResult();

        Assert.All(await Task.WhenAll(inFlight), status => Assert.Equal(HttpStatusCode.OK, status));
        Assert.Equal(200, _service.Refusals);
        Assert.Equal(1 + 200 + 200, _service.Requests);
        Assert.Equal(2, _ims.Requests);
    }

    [Fact]
    public async Task AColdStartOf500Callers_SendsOneTokenRequest()
    {
        var open = new TaskCompletionSource();
        _ims.Gate = open.Task;
        Task<HttpStatusCode>[] callers = [.. Enumerable.Range(0, 500).Select(_ => Task.Run(SendAsync, Cancellation))];
        await Task.Delay(50, Cancellation);
        open.SetResult();

        Assert.All(await Task.WhenAll(callers), status => Assert.Equal(HttpStatusCode.OK, status));
        Assert.Equal(1, _ims.Requests);
    }

    [Fact]
    public async Task EverythingAtOnce_NeitherHangsNorFetchesMoreThanWasLost()
    {
        _ims.Lifetime = TimeSpan.FromMinutes(10);
        int requests = 0;
        int revocations = 0;
        DateTimeOffset start = _time.GetUtcNow();
        using var end = new CancellationTokenSource(TimeSpan.FromSeconds(1.5));
        _ims.Answer = _ => Interlocked.Increment(ref requests) % 7 == 0 ? FakeIms.Json(HttpStatusCode.ServiceUnavailable, "") : null;

        await Task.WhenAll([.. Enumerable.Range(0, 32).Select(CallAsync), DisturbAsync()]).WaitAsync(TimeSpan.FromMinutes(5), Cancellation);

        // Each token serves for 9 of its 10 minutes. Revoked tokens and failed requests add to the number of requests.
        double lives = (_time.GetUtcNow() - start) / TimeSpan.FromMinutes(9);
        Assert.InRange(_ims.Requests, 2, ((lives + revocations + 2) * 7 / 6) + 2);
        _ims.Answer = static _ => null;
        _time.Advance(TimeSpan.FromHours(1));
        Assert.True(_ims.IsGood((await _account.GetTokenAsync()).Value));

        async Task CallAsync(int caller)
        {
            var random = new Random(caller);
            while (!end.IsCancellationRequested)
            {
                await Task.Yield();
                using var patience = new CancellationTokenSource(random.Next(10) == 0 ? TimeSpan.Zero : TimeSpan.FromSeconds(20));
                if (await TryGetTokenAsync(null, patience.Token) is { } token && !_ims.IsGood(token.Value))
                {
                    await TryGetTokenAsync(token, patience.Token);
                }
            }
        }

        async Task DisturbAsync()
        {
            var random = new Random(4711);
            while (!end.IsCancellationRequested)
            {
                await Task.Delay(2, Cancellation);
                _time.Advance(TimeSpan.FromSeconds(random.Next(1, 60)));
                if (random.Next(20) == 0 && await TryGetTokenAsync(null, Cancellation) is { } token)
                {
                    revocations++;
                    _ims.Revoke(token.Value);
                }
            }
        }

        async Task<AccessToken?> TryGetTokenAsync(AccessToken? rejected, CancellationToken cancellationToken)
        {
            try
            {
                return await _account.Tokens.GetTokenAsync(rejected, cancellationToken);
            }
            catch (AssetComputeAuthenticationException)
            {
                await Task.Delay(1, Cancellation);
                return null;
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return null;
            }
        }
    }

    private async Task<HttpStatusCode> SendAsync()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "https://asset-compute.adobe.io/process");
        using HttpResponseMessage response = await _client.SendAsync(request, Cancellation);
        return response.StatusCode;
    }

    /// <summary>A service that checks only the token.</summary>
    private sealed class Service(FakeIms ims) : HttpMessageHandler
    {
        private int _requests;
        private int _refusals;

        public Task Gate { get; set; } = Task.CompletedTask;

        public int Requests => Volatile.Read(ref _requests);

        public int Refusals => Volatile.Read(ref _refusals);

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _requests);
            await Gate.WaitAsync(cancellationToken);
            if (ims.IsGood(request.Headers.Authorization?.Parameter))
            {
                return new HttpResponseMessage(HttpStatusCode.OK);
            }

            Interlocked.Increment(ref _refusals);
            return new HttpResponseMessage(HttpStatusCode.Unauthorized);
        }
    }
}
