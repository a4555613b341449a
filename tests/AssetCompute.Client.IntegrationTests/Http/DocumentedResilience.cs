using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using AssetCompute.Emulator;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace AssetCompute.Client.IntegrationTests.Http;

/// <summary>Runs the code samples of docs/resilience.md.</summary>
public class DocumentedResilience
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Options_ComeThrough()
    {
        ServiceCollection services = new();

        services.AddAssetCompute(options =>
        {
            options.Retry.MaxRetryAttempts = 10;
            options.Retry.TotalTimeout = TimeSpan.FromMinutes(15);
            options.Throttling.MaxConcurrentRequests = 50;
        });

        await CallAsync(services, fault: null);
    }

    [Fact]
    public async Task AHandlerOfTheUsers_SeesEveryAttempt()
    {
        ServiceCollection services = new();
        List<Uri?> seen = [];
        services.AddTransient(_ => new MyHandler(seen));

        services.AddAssetCompute(options => options.CredentialsFile = "credentials.json")
            .ServiceHttpClient.AddHttpMessageHandler<MyHandler>();

        await CallAsync(services, EmulatorFault.Answer(503));
        Assert.Equal(2, seen.Count);
    }

    [Fact]
    public async Task AProxy_IsSetOnTheConnections()
    {
        ServiceCollection services = new();
        IAssetComputeBuilder builder = services.AddAssetCompute(_ => { });

        foreach (IHttpClientBuilder http in new[] { builder.ServiceHttpClient, builder.JournalHttpClient, builder.ImsHttpClient })
        {
            http.ConfigurePrimaryHttpMessageHandler((handler, _) => ((SocketsHttpHandler)handler).Proxy = new WebProxy("http://localhost:3128"));
        }

        // The call fails because the proxy doesn't exist.
        AssetComputeException exception = await Assert.ThrowsAnyAsync<AssetComputeException>(() => CallAsync(services, fault: null, options => options.Retry.MaxRetryAttempts = 0));
        Assert.Null(exception.StatusCode);
    }

    [Fact]
    public async Task AResilienceHandlerOfTheUsers_TakesThePlaceOfOurs()
    {
        ServiceCollection services = new();
        services.AddTransient<MyResilienceHandler>();

        IAssetComputeBuilder builder = services.AddAssetCompute(options => options.Retry.MaxRetryAttempts = 0);
        builder.ServiceHttpClient.AddHttpMessageHandler<MyResilienceHandler>();

        await CallAsync(services, EmulatorFault.Answer(503));
    }

    [Fact]
    public async Task Telemetry_IsHeard()
    {
        // Other tests make calls on other threads at the same time.
        ConcurrentBag<string> spans = [];
        using ActivityListener listener = new()
        {
            ShouldListenTo = source => source.Name == "AssetCompute.Client",
            ActivityStopped = activity => spans.Add(activity.DisplayName),
        };
        ActivitySource.AddActivityListener(listener);

        using TracerProvider traces = Sdk.CreateTracerProviderBuilder().AddSource("AssetCompute.Client").Build();
        using MeterProvider metrics = Sdk.CreateMeterProviderBuilder().AddMeter("AssetCompute.Client").Build();

        ServiceCollection services = new();
        services.AddAssetCompute(_ => { });
        await CallAsync(services, fault: null);
        Assert.Contains("POST /register", spans);
    }

    private static async Task CallAsync(ServiceCollection services, EmulatorFault? fault, Action<AssetComputeOptions>? configure = null)
    {
        await using EmulatedAccount account = await EmulatedAccount.StartAsync();
        if (fault is not null)
        {
            account.Emulator.Faults.Next(EmulatorOperation.Register, fault);
        }

        services.PostConfigure<AssetComputeOptions>(options =>
        {
            account.Configure(options);
            options.CredentialsFile = null;
            configure?.Invoke(options);
        });
        await using ServiceProvider provider = services.BuildServiceProvider();
        await provider.GetRequiredService<IAssetComputeClient>().RegisterAsync(Cancel);
    }

    private sealed class MyHandler(List<Uri?> seen) : DelegatingHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            seen.Add(request.RequestUri);
            return base.SendAsync(request, cancellationToken);
        }
    }

    private sealed class MyResilienceHandler : DelegatingHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            HttpResponseMessage response = await base.SendAsync(request, cancellationToken);
            return response.StatusCode == HttpStatusCode.ServiceUnavailable ? await base.SendAsync(request, cancellationToken) : response;
        }
    }
}
