using System.Collections.Concurrent;
using System.Globalization;
using AssetCompute.Client.Authentication;
using Microsoft.Extensions.DependencyInjection;

namespace AssetCompute.Client.IntegrationTests.Http;

/// <summary>Tests that all calls of many concurrent callers succeed when the service fails in many ways.</summary>
public class MixedFaultsTests
{
    private const int Calls = 300;
    private const int Callers = 16;
    private const double FaultShare = 0.3;
    private const string Html = "<html><body><h1>Bad gateway</h1></body></html>";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ProcessAsync_ThirtyPercentOfMixedFaults_AllCallsSucceed()
    {
        ConcurrentDictionary<string, Random> chances = new(StringComparer.Ordinal);
        int faults = 0;
        await using RawServer server = new(exchange =>
        {
            // Each call has a random generator with a fixed seed, so its faults don't depend on the order of the requests.
            string id = exchange.RequestId;
            Random chance = chances.GetOrAdd(id, static id => new Random(int.Parse(id, CultureInfo.InvariantCulture)));
            lock (chance)
            {
                if (chance.NextDouble() < FaultShare)
                {
                    Interlocked.Increment(ref faults);
                    return FailAsync(exchange, chance.Next(9));
                }
            }

            return exchange.AnswerAsync(200, $$"""{"ok":true,"requestId":"{{id}}"}""");
        });
        await using AssetComputeClient client = AssetComputeClient.Create(
            options =>
            {
                options.Endpoint = server.Endpoint;
                options.OrganizationId = "test@AdobeOrg";
                options.ClientId = "test";
            },
            static builder => builder.AddAccessTokenProvider(static _ => new FixedTokenProvider()));

        ConcurrentBag<string> done = [];
        await Parallel.ForAsync(0, Calls, new ParallelOptions { MaxDegreeOfParallelism = Callers, CancellationToken = Cancellation }, async (call, cancellation) =>
        {
            ProcessResult result = await client.ProcessAsync(
                new ProcessRequest
                {
                    RequestId = call.ToString(CultureInfo.InvariantCulture),
                    Source = new Uri("https://source.example/a.jpg"),
                    Renditions = [new Rendition { Format = RenditionFormat.Png, Target = new Uri("https://target.example/a.png") }],
                },
                cancellation);
            done.Add(result.RequestId);
        });

        Assert.Equal(Calls, done.Distinct().Count());
        Assert.Equal(Calls + faults, server.Requests);
        Assert.InRange(faults, Calls * FaultShare, Calls);
    }

    private static Task FailAsync(RawExchange exchange, int fault)
    {
        switch (fault)
        {
            case 0:
                return exchange.AnswerAsync(500, """{"message":"internal error"}""");
            case 1:
                return exchange.AnswerAsync(502, Html);
            case 2:
                return exchange.AnswerAsync(503, "", "Retry-After: 1\r\n");
            case 3:
                return exchange.AnswerAsync(500, "");
            case 4:
                exchange.Reset();
                return Task.CompletedTask;
            case 5:
                return exchange.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{\"ok\":");
            case 6:
                return exchange.AnswerAsync(429, """{"error_code":"429050"}""", "Retry-After: 1\r\n");
            case 7:
                return exchange.AnswerAsync(429, "", string.Create(CultureInfo.InvariantCulture, $"Date: {DateTimeOffset.UtcNow.AddHours(1):R}\r\nRetry-After: {DateTimeOffset.UtcNow.AddHours(1).AddSeconds(2):R}\r\n"));
            default:
                return exchange.AnswerAsync(503, Html);
        }
    }

    private sealed class FixedTokenProvider : IAccessTokenProvider
    {
        private readonly AccessToken _token = new("test", DateTimeOffset.MaxValue);

        public ValueTask<AccessToken> GetTokenAsync(AccessToken? rejected, CancellationToken cancellationToken) => new(_token);
    }
}
