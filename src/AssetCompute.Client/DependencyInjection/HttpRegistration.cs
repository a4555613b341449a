using System.Net.Http.Headers;
using System.Reflection;
using AssetCompute.Client;
using AssetCompute.Client.Authentication;
using AssetCompute.Client.Diagnostics;
using AssetCompute.Client.Http;
using AssetCompute.Client.Http.Resilience;
using AssetCompute.Client.Http.Throttling;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Polly;
using Polly.Telemetry;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>The HTTP clients of an account, their handlers, and the client of the API on top.</summary>
internal static class HttpRegistration
{
    private static readonly string UserAgent = new ProductInfoHeaderValue(
        "AssetCompute.Client",
        typeof(HttpRegistration).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0").ToString();

    /// <summary>
    /// Adds the handlers, from the outside to the inside. What the user adds to the builders comes after them, so it sees every attempt as it
    /// goes out.
    /// </summary>
    public static void AddHttpPipeline(this IAssetComputeBuilder builder)
    {
        string name = builder.Name;
        builder.Services.TryAddKeyedSingleton(name, (provider, _) =>
        {
            AssetComputeOptions options = OptionsOf(provider, name);
            return new ThrottleStrategy(options.Throttling, options.Retry, TimeOf(provider), TelemetryOf(provider, name));
        });

        Configure(builder.ServiceHttpClient).AddHttpMessageHandler(provider => new TelemetryHandler(name, LoggerOf(provider)));
        AddResilience(builder.ServiceHttpClient, (pipeline, provider) => ResiliencePipelines.AddService(
            pipeline, OptionsOf(provider, name), provider.GetRequiredKeyedService<ThrottleStrategy>(name), TelemetryOf(provider, name)));
        builder.ServiceHttpClient
            .AddHttpMessageHandler(provider => provider.CreateAuthenticationHandler(name))
            .AddHttpMessageHandler(provider => new AttemptHandler(name, buffersBody: true, TimeOf(provider)));

        Configure(builder.JournalHttpClient).AddHttpMessageHandler(provider => new TelemetryHandler(name, LoggerOf(provider)));
        AddResilience(builder.JournalHttpClient, (pipeline, provider) => ResiliencePipelines.AddJournal(pipeline, OptionsOf(provider, name)));
        builder.JournalHttpClient
            .AddHttpMessageHandler(provider => provider.CreateAuthenticationHandler(name))
            .AddHttpMessageHandler(provider => new AttemptHandler(name, buffersBody: false, TimeOf(provider)));

        Configure(builder.ImsHttpClient);
        AddResilience(builder.ImsHttpClient, (pipeline, provider) => ResiliencePipelines.AddIms(pipeline, OptionsOf(provider, name), TelemetryOf(provider, name)));
        builder.ImsHttpClient
            .AddHttpMessageHandler(provider => new AttemptHandler(name, buffersBody: true, TimeOf(provider), OperationKind.GetToken));
    }

    public static void AddServiceClient(this IAssetComputeBuilder builder)
    {
        builder.Services.TryAddKeyedSingleton<IAssetComputeClient>(builder.Name, static (provider, key) =>
        {
            string name = (string)key!;
            IOptionsMonitor<AssetComputeOptions> options = provider.GetRequiredService<IOptionsMonitor<AssetComputeOptions>>();
            return new AssetComputeService(
                provider.GetRequiredService<IHttpClientFactory>().CreateClient(HttpClientNames.Service(name)),
                () => options.Get(name).Endpoint,
                provider.GetRequiredKeyedService<AllowedHosts>(name),
                TimeOf(provider));
        });
        if (builder.Name.Length == 0)
        {
            builder.Services.TryAddSingleton(static provider => provider.GetRequiredKeyedService<IAssetComputeClient>(Options.Options.DefaultName));
        }
    }

    /// <summary>Adds a pipeline of Polly's, which tells its metrics and writes no log: its lines repeat ours, with the texts of exceptions as they came.</summary>
    private static void AddResilience(IHttpClientBuilder client, Action<ResiliencePipelineBuilder<HttpResponseMessage>, IServiceProvider> configure) =>
        client.AddResilienceHandler("asset-compute", (pipeline, context) =>
        {
            IServiceProvider provider = context.ServiceProvider;
            pipeline.TimeProvider = TimeOf(provider);
            pipeline.ConfigureTelemetry(new TelemetryOptions(provider.GetRequiredService<IOptions<TelemetryOptions>>().Value) { LoggerFactory = NullLoggerFactory.Instance });
            configure(pipeline, provider);
        });

    private static ResilienceTelemetry TelemetryOf(IServiceProvider provider, string name) => new(name, LoggerOf(provider));

    private static AssetComputeOptions OptionsOf(IServiceProvider provider, string name) => provider.GetRequiredService<IOptionsMonitor<AssetComputeOptions>>().Get(name);

    private static TimeProvider TimeOf(IServiceProvider provider) => provider.GetRequiredService<TimeProvider>();

    private static ILogger LoggerOf(IServiceProvider provider) => provider.GetService<ILoggerFactory>()?.CreateLogger(ClientLog.Category) ?? NullLogger.Instance;

    /// <summary>
    /// What every HTTP client of the SDK has under its handlers: connections of its own, which end with the container; the factory of HTTP clients would leave them open.
    /// </summary>
    internal static IHttpClientBuilder Configure(IHttpClientBuilder client)
    {
        string name = client.Name;
        client.Services.TryAddKeyedSingleton(name, static (_, _) => PrimaryHandler.Create());
        // Retries of the host's defaults around ours would repeat requests that must not be repeated, and its limits would end what ours are patient with.
#pragma warning disable EXTEXP0001 // There is no other way to take them off one client.
        client.RemoveAllResilienceHandlers();
#pragma warning restore EXTEXP0001
        return client
            // Four lines for every request at Information would drown the application's own. The SDK's handlers log each call once.
            .RemoveAllLoggers()
            // The pooled connections are renewed by their own lifetime. One handler for good lets one HttpClient be kept for good.
            .SetHandlerLifetime(Timeout.InfiniteTimeSpan)
            .ConfigurePrimaryHttpMessageHandler(provider => provider.GetRequiredKeyedService<HttpMessageHandler>(name))
            .ConfigureHttpClient(static http =>
            {
                // The pipelines keep the time: of an attempt, and of all of them together.
                http.Timeout = Timeout.InfiniteTimeSpan;
                // As text, so that not every request takes the parsed form apart again.
                http.DefaultRequestHeaders.TryAddWithoutValidation("User-Agent", UserAgent);
            });
    }
}
