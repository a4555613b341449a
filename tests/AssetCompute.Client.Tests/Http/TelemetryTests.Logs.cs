using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AssetCompute.Client.Tests.Http;

public partial class TelemetryTests
{
    [Fact]
    public async Task Attempt_that_failed_is_logged_with_what_stood_in_its_way()
    {
        using LogCollector logs = new();
        await using TestAccount account = NewAccount(
            new ScriptedNetwork().ExpectFailure("/register", new HttpRequestException(HttpRequestError.ConnectionError, "refused")).Expect("/register", 503).ExpectSuccess("/register"),
            services: services => services.AddLogging(logging => logging.AddProvider(logs)));

        await account.Client.RegisterAsync(Cancellation);

        Assert.Collection(
            logs.Lines.Where(line => line.Id == 1002),
            line => Assert.StartsWith("POST /register: attempt 1 failed with connection_error", line.Text, StringComparison.Ordinal),
            line => Assert.StartsWith("POST /register: attempt 2 failed with 503", line.Text, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Nothing_that_is_written_to_the_log_holds_a_secret()
    {
        using LogCollector logs = new();
        await using TestAccount account = NewAccount(
            new ScriptedNetwork().Expect("/process", 429).Expect("/process", 503).Expect("/process", 400, body: """{"message":"https://t.example/?sig=SECRET"}"""),
            services: services => services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(logs)));

        await Assert.ThrowsAsync<AssetComputeInvalidRequestException>(() => account.Client.ProcessAsync(Request, Cancellation));

        Assert.Superset(new HashSet<int> { 1001, 1002 }, logs.Lines.Select(line => line.Id).ToHashSet());
        Assert.All(logs.Lines, line =>
        {
            Assert.DoesNotContain("SECRET", line.Text, StringComparison.Ordinal);
            Assert.DoesNotContain("test-token", line.Text, StringComparison.Ordinal);
        });
    }

    [Fact]
    public async Task Secrets_in_exceptions_of_the_network_reach_no_log_and_the_metrics_of_Polly_stay()
    {
        using LogCollector logs = new();
        List<string> events = [];
        using MeterListener listener = new();
        listener.InstrumentPublished = static (instrument, listener) =>
        {
            if (instrument.Meter.Name == "Polly")
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<int>((instrument, _, _, _) => events.Add(instrument.Name));
        listener.Start();
        await using TestAccount account = NewAccount(
            new ScriptedNetwork()
                .ExpectFailure("/process", new HttpRequestException(HttpRequestError.ConnectionError, "cannot reach https://h/x?sig=SECRET"))
                .ExpectFailure("/process", new IOException("cannot read https://h/x?sig=SECRET", new InvalidOperationException("Bearer SECRET")))
                .ExpectFailure("/process", new InvalidOperationException("https://h/x?sig=SECRET")),
            services: services => services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(logs)));

        await Assert.ThrowsAsync<InvalidOperationException>(() => account.Client.ProcessAsync(Request, Cancellation));

        Assert.Equal(2, logs.Lines.Count(line => line.Id == 1002));
        Assert.All(logs.Lines, line => Assert.DoesNotContain("SECRET", line.Text, StringComparison.Ordinal));
        Assert.Contains("resilience.polly.strategy.events", events);
    }
}
