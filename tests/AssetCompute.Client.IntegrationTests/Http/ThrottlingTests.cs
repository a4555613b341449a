using System.Diagnostics;
using AssetCompute.Client.Authentication;
using AssetCompute.Client.Benchmarks.Throttling;
using Microsoft.Extensions.DependencyInjection;

namespace AssetCompute.Client.IntegrationTests.Http;

public class ThrottlingTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ProcessAsync_thousand_calls_by_200_callers_against_50_a_second_none_fails_and_hardly_more_is_sent_than_needed()
    {
        const int calls = 1000;
        TokenBucket bucket = new(perSecond: 50, capacity: 50);
        await using LimitedServer server = await LimitedServer.StartAsync(bucket, TimeSpan.Zero);
        await using AssetComputeClient client = NewClient(server);
        int next = 0;
        long start = Stopwatch.GetTimestamp();

        // A call that fails ends the test.
        await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => Task.Run(async () =>
        {
            while (Interlocked.Increment(ref next) <= calls)
            {
                await client.ProcessAsync(Request, Cancellation);
            }
        }, Cancellation)));

        TimeSpan elapsed = Stopwatch.GetElapsedTime(start);
        Assert.Equal(calls, server.Accepted);
        Assert.InRange(server.Requests / (double)calls, 1, 1.15);
        Assert.InRange(elapsed / bucket.IdealTime(calls), 0.9, 1.2);
    }

    [Fact]
    public async Task ProcessAsync_total_timeout_while_it_waits_for_its_turn_says_that_the_service_is_throttled()
    {
        await using RawServer server = new(exchange => exchange.AnswerAsync(429, "", "Retry-After: 30\r\n"));
        await using AssetComputeClient client = NewClient(server.Endpoint, options =>
        {
            options.Retry.AttemptTimeout = TimeSpan.FromMilliseconds(500);
            options.Retry.TotalTimeout = TimeSpan.FromMilliseconds(500);
        });

        AssetComputeThrottledException exception = await Assert.ThrowsAsync<AssetComputeThrottledException>(() => client.ProcessAsync(Request, Cancellation));

        Assert.Equal(TimeSpan.FromSeconds(30), exception.RetryAfter);
        Assert.Equal(1, exception.Attempts);
        Assert.Contains("did not get its turn", exception.Message, StringComparison.Ordinal);
    }

    private static ProcessRequest Request { get; } = new()
    {
        Source = new Uri("https://source.example/a.jpg"),
        Renditions = [new Rendition { Format = RenditionFormat.Png, Target = new Uri("https://target.example/a.png") }],
    };

    private static AssetComputeClient NewClient(LimitedServer server) => NewClient(server.Endpoint, configure: null);

    private static AssetComputeClient NewClient(Uri endpoint, Action<AssetComputeOptions>? configure) => AssetComputeClient.Create(
        options =>
        {
            options.Endpoint = endpoint;
            options.OrganizationId = "test@AdobeOrg";
            options.ClientId = "test";
            configure?.Invoke(options);
        },
        builder => builder.AddAccessTokenProvider(new FixedTokenProvider()));

    private sealed class FixedTokenProvider : IAccessTokenProvider
    {
        private readonly AccessToken _token = new("test", DateTimeOffset.MaxValue);

        public ValueTask<AccessToken> GetTokenAsync(AccessToken? rejected, CancellationToken cancellationToken) => new(_token);
    }
}
