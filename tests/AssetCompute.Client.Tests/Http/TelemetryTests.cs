using System.Collections.Concurrent;
using System.Diagnostics;
using AssetCompute.Client.Tests.Diagnostics;
using AssetCompute.Client.Tests.Time;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AssetCompute.Client.Tests.Http;

[Collection("Telemetry")]
public partial class TelemetryTests
{
    private static readonly ProcessRequest Request = new()
    {
        RequestId = "r-telemetry",
        Source = new Uri("https://source.example/a.jpg?sig=SECRET"),
        Renditions = [new Rendition { Format = RenditionFormat.Png, Target = new Uri("https://target.example/a.png?sig=SECRET") }],
    };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ProcessAsync_is_one_activity_with_the_attributes_of_the_conventions()
    {
        using Activities activities = new();
        await using TestAccount account = NewAccount(new ScriptedNetwork().Expect("/process", 503).ExpectSuccess("/process"));

        await account.Client.ProcessAsync(Request, Cancellation);

        Activity activity = Assert.Single(activities.Stopped, activity => (string?)activity.GetTagItem("asset_compute.request_id") == "r-telemetry");
        Assert.Equal("POST /process", activity.DisplayName);
        Assert.Equal("process", activity.GetTagItem("asset_compute.operation"));
        Assert.Equal("POST", activity.GetTagItem("http.request.method"));
        Assert.Equal(200, activity.GetTagItem("http.response.status_code"));
        Assert.Equal(1, activity.GetTagItem("http.request.resend_count"));
        Assert.Equal("asset-compute.example", activity.GetTagItem("server.address"));
        Assert.Equal(443, activity.GetTagItem("server.port"));
        Assert.Equal("https://asset-compute.example/process", activity.GetTagItem("url.full"));
        Assert.Null(activity.GetTagItem("error.type"));
        Assert.Equal(ActivityStatusCode.Unset, activity.Status);
    }

    [Fact]
    public async Task ProcessAsync_failed_is_an_activity_with_the_error()
    {
        using Activities activities = new();
        await using TestAccount account = NewAccount(new ScriptedNetwork().Expect("/process", 400).ExpectFailure("/process", new HttpRequestException(HttpRequestError.ResponseEnded, "x")), retries: 0);

        await Assert.ThrowsAnyAsync<AssetComputeException>(() => account.Client.ProcessAsync(Request, Cancellation));
        await Assert.ThrowsAnyAsync<AssetComputeException>(() => account.Client.ProcessAsync(Request, Cancellation));

        Activity[] failed = [.. activities.Stopped.Where(activity => (string?)activity.GetTagItem("asset_compute.request_id") == "r-telemetry")];
        Assert.Equal(["400", "response_ended"], failed.Select(activity => activity.GetTagItem("error.type")));
        Assert.Equal([400, null], failed.Select(activity => activity.GetTagItem("http.response.status_code")));
        Assert.All(failed, activity => Assert.Equal(ActivityStatusCode.Error, activity.Status));
    }

    [Fact]
    public async Task Operations_of_two_urls_tell_their_own_and_no_resends_where_there_were_none()
    {
        using Activities activities = new();
        await using TestAccount account = NewAccount(new ScriptedNetwork().ExpectSuccess("/register").ExpectSuccess("/unregister"));

        await account.Client.RegisterAsync(Cancellation);
        await account.Client.UnregisterAsync(Cancellation);

        Activity[] told = [.. activities.Stopped.Where(activity => (string?)activity.GetTagItem("server.address") == "asset-compute.example")];
        Assert.Equal(["https://asset-compute.example/register", "https://asset-compute.example/unregister"], told.Select(activity => activity.GetTagItem("url.full")));
        Assert.All(told, activity => Assert.Null(activity.GetTagItem("http.request.resend_count")));
    }

    [Fact]
    public async Task Operation_that_failed_is_measured_with_its_status_and_error()
    {
        using Measurements measurements = new();
        await using TestAccount account = NewAccount(new ScriptedNetwork().Expect("/unregister", 503), retries: 0);

        await Assert.ThrowsAsync<AssetComputeUnavailableException>(() => account.Client.UnregisterAsync(Cancellation));

        Measurement measurement = Assert.Single(measurements.Of("asset_compute.client.operation.duration", "unregister"));
        Assert.Equal((503, "503"), (measurement["http.response.status_code"], measurement["error.type"]));
    }

    [Fact]
    public async Task Statuses_that_HTTP_does_not_define_and_foreign_exceptions_are_one_value_of_each_tag()
    {
        using Measurements measurements = new();
        ScriptedNetwork network = new();
        await using TestAccount account = NewAccount(network, retries: 0);
        for (int status = 600; status < 610; status++)
        {
            network.Expect("/unregister", status);
            await Assert.ThrowsAnyAsync<AssetComputeException>(() => account.Client.UnregisterAsync(Cancellation));
        }

        network.ExpectFailure("/unregister", new ForeignException<int>()).ExpectFailure("/unregister", new ForeignException<string>()).ExpectFailure("/unregister", new InvalidCastException());
        for (int i = 0; i < 3; i++)
        {
            await Assert.ThrowsAnyAsync<Exception>(() => account.Client.UnregisterAsync(Cancellation));
        }

        foreach (string instrument in (string[])["asset_compute.client.operation.duration", "asset_compute.client.attempts"])
        {
            Measurement[] measured = [.. measurements.Of(instrument, "unregister")];
            Assert.Equal(13, measured.Length);
            Assert.Equal(["System.InvalidCastException", "other"], measured.Select(measurement => (string)measurement["error.type"]!).Distinct().Order(StringComparer.Ordinal));
            Assert.All(measured, measurement => Assert.False(measurement.Has("http.response.status_code")));
        }
    }

    private sealed class ForeignException<T> : Exception;

    [Fact]
    public async Task Operations_attempts_and_throttling_are_measured()
    {
        using Measurements measurements = new();
        await using TestAccount account = NewAccount(new ScriptedNetwork().Expect("/unregister", 429).Expect("/unregister", 503).ExpectSuccess("/unregister"));

        await account.Client.UnregisterAsync(Cancellation);

        Assert.Equal(
            ["429/429", "503/503", "200/"],
            measurements.Of("asset_compute.client.attempts", "unregister").Select(measurement => $"{measurement["http.response.status_code"]}/{measurement["error.type"]}"));
        Assert.Equal(200, Assert.Single(measurements.Of("asset_compute.client.operation.duration", "unregister"))["http.response.status_code"]);
        Assert.Single(measurements.Of("asset_compute.client.throttled", "unregister"));
        Assert.All(
            (string[])["asset_compute.client.operation.duration", "asset_compute.client.attempts", "asset_compute.client.throttled"],
            instrument => Assert.All(measurements.Of(instrument, "unregister"), measurement => Assert.False(measurement.Has("asset_compute.account"))));
    }

    [Fact]
    public async Task Wait_at_the_throttle_is_measured_and_logged()
    {
        using Measurements measurements = new();
        using LogCollector logs = new();
        FakeTimeProvider time = new();
        ScriptedNetwork network = new();
        await using TestAccount account = new(
            static options => options.Retry.MaxRetryAttempts = 0,
            time,
            builder => builder.Services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(logs)),
            network);
        for (int refused = 0; refused < 8; refused++)
        {
            network.Expect("/unregister", 429, retryAfter: "10");
            await Assert.ThrowsAsync<AssetComputeThrottledException>(() => account.Client.UnregisterAsync(Cancellation));
        }

        network.ExpectSuccess("/unregister");
        Task waiting = account.Client.UnregisterAsync(Cancellation);
        time.Advance(TimeSpan.FromSeconds(11));
        await waiting.WaitAsync(TimeSpan.FromMinutes(5), Cancellation);

        Assert.Equal(8, measurements.Of("asset_compute.client.throttled", "unregister").Count());
        Assert.InRange(Assert.Single(measurements.ValuesOf("asset_compute.client.gate.wait")), 10, 11);
        Assert.Equal(Enumerable.Repeat(16.0, 8), measurements.ValuesOf("asset_compute.client.throttle.places"));
        Assert.Equal(1, Assert.Single(measurements.ValuesOf("asset_compute.client.throttle.rate")));
        string shut = Assert.Single(logs.Lines, line => line.Id == 1003).Text;
        Assert.StartsWith("The service refuses requests (429): nothing is sent for 10", shut, StringComparison.Ordinal);
        Assert.EndsWith("ms, then at most 1 a second and 16 at a time.", shut, StringComparison.Ordinal);
        Assert.Contains(logs.Lines, line => line.Id == 1004);
    }

    [Fact]
    public async Task Named_account_is_told_by_its_name()
    {
        using Measurements measurements = new();
        using Activities activities = new();
        using ScriptedNetwork network = new();
        network.Expect("/register", 429).ExpectSuccess("/register");
        ServiceCollection services = new();
        IAssetComputeBuilder builder = services.AddAssetCompute("second", options =>
        {
            options.OrganizationId = "o@AdobeOrg";
            options.ClientId = "c";
            options.Retry.Delay = TimeSpan.FromMilliseconds(1);
        });
        builder.AddAccessTokenProvider(_ => new TestAccount.FixedTokenProvider());
        builder.ServiceHttpClient.ConfigurePrimaryHttpMessageHandler(() => network);
        await using ServiceProvider provider = services.BuildServiceProvider();

        await provider.GetRequiredKeyedService<IAssetComputeClient>("second").RegisterAsync(Cancellation);

        Assert.All(
            (string[])["asset_compute.client.operation.duration", "asset_compute.client.attempts", "asset_compute.client.throttled"],
            instrument => Assert.All(measurements.Of(instrument, "register"), measurement => Assert.Equal("second", measurement["asset_compute.account"])));
        Assert.Equal("second", Assert.Single(activities.Stopped).GetTagItem("asset_compute.account"));
    }

    private static TestAccount NewAccount(HttpMessageHandler network, int retries = 5, Action<IServiceCollection>? services = null) => new(
        options =>
        {
            options.Retry.MaxRetryAttempts = retries;
            options.Retry.Delay = TimeSpan.FromMilliseconds(1);
        },
        configureServices: builder => services?.Invoke(builder.Services),
        network: network);

    private sealed class Activities : IDisposable
    {
        private readonly ActivityListener _listener;

        public Activities()
        {
            _listener = new ActivityListener
            {
                ShouldListenTo = static source => source.Name == "AssetCompute.Client",
                Sample = static (ref _) => ActivitySamplingResult.AllDataAndRecorded,
                ActivityStopped = Stopped.Enqueue,
            };
            ActivitySource.AddActivityListener(_listener);
        }

        public ConcurrentQueue<Activity> Stopped { get; } = new();

        public void Dispose() => _listener.Dispose();
    }

    private sealed class LogCollector : ILoggerProvider, ILogger
    {
        public ConcurrentQueue<(int Id, string Text)> Lines { get; } = new();

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull
        {
            Lines.Enqueue((0, state.ToString() ?? ""));
            return null;
        }

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Enqueue((eventId.Id, formatter(state, exception) + exception));

        public void Dispose()
        {
        }
    }
}
