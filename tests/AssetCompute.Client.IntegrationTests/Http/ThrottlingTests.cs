using AssetCompute.Client.Authentication;
using AssetCompute.Emulator;
using Microsoft.Extensions.DependencyInjection;

namespace AssetCompute.Client.IntegrationTests.Http;

public class ThrottlingTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ProcessAsync_crowd_above_a_rate_and_a_number_of_places_loses_nobody(bool sendsRetryAfter)
    {
        const int calls = 400;
        await using AssetComputeEmulator emulator = await AssetComputeEmulator.StartAsync(Cancellation);
        emulator.Faults.LimitRate(EmulatorOperation.Process, perSecond: 100, burst: 100, sendRetryAfter: sendsRetryAfter);
        emulator.Faults.LimitConcurrency(EmulatorOperation.Process, calls: 20, sendRetryAfter: sendsRetryAfter);
        emulator.Faults.Share(EmulatorOperation.Process, 1, EmulatorFault.Answer(200, body: """{"ok":true,"requestId":"r"}"""));
        await using AssetComputeClient client = NewClient(emulator.Endpoint, configure: null);
        int next = 0;

        // A failed call fails the test.
        await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => Task.Run(
            async () =>
            {
                while (Interlocked.Increment(ref next) <= calls)
                {
                    await client.ProcessAsync(Request, Cancellation);
                }
            },
            Cancellation)));

        // The number of requests depends on the speed of the machine. The simulation in the unit tests asserts it.
        Assert.True(emulator.Calls.Count(EmulatorOperation.Process) >= calls);
    }

    [Fact]
    public async Task ProcessAsync_total_timeout_while_it_is_refused_says_that_the_service_is_throttled()
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
        Assert.Contains("until its total timeout was over", exception.Message, StringComparison.Ordinal);
    }

    private static ProcessRequest Request { get; } = new()
    {
        Source = new Uri("https://source.example/a.jpg"),
        Renditions = [new Rendition { Format = RenditionFormat.Png, Target = new Uri("https://target.example/a.png") }],
    };

    private static AssetComputeClient NewClient(Uri endpoint, Action<AssetComputeOptions>? configure) => AssetComputeClient.Create(
        options =>
        {
            options.Endpoint = endpoint;
            options.OrganizationId = "test@AdobeOrg";
            options.ClientId = "test";
            configure?.Invoke(options);
        },
        builder => builder.AddAccessTokenProvider(static _ => new FixedTokenProvider()));

    private sealed class FixedTokenProvider : IAccessTokenProvider
    {
        private readonly AccessToken _token = new("test", DateTimeOffset.MaxValue);

        public ValueTask<AccessToken> GetTokenAsync(AccessToken? rejected, CancellationToken cancellationToken) => new(_token);
    }
}
