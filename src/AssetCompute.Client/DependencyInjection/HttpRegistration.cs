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
        builder.Services.TryAddKeyedSingleton(name, static (provider, key) =>
        {
            AssetComputeOptions options = OptionsOf(provider, (string)key!);
            return new RequestGate(new AdmissionPlan(options.Throttling, options.Retry), TimeOf(provider));
        });

        Configure(builder.ServiceHttpClient, buffers: true)
            .AddHttpMessageHandler(provider => new TelemetryHandler(name, LoggerOf(provider)))
            .AddHttpMessageHandler(provider => Resilience(provider, name, unmarkedKind: null, buffersBody: true, ResiliencePlan.ForService(
                OptionsOf(provider, name), provider.GetRequiredKeyedService<RequestGate>(name))))
            .AddHttpMessageHandler(provider => provider.CreateAuthenticationHandler(name))
            .AddHttpMessageHandler(() => new AttemptHandler(name));

        Configure(builder.JournalHttpClient)
            .AddHttpMessageHandler(provider => new TelemetryHandler(name, LoggerOf(provider)))
            .AddHttpMessageHandler(provider => Resilience(provider, name, unmarkedKind: null, buffersBody: false, ResiliencePlan.ForJournal(OptionsOf(provider, name))))
            .AddHttpMessageHandler(provider => provider.CreateAuthenticationHandler(name))
            .AddHttpMessageHandler(() => new AttemptHandler(name));

        Configure(builder.ImsHttpClient, buffers: true)
            .AddHttpMessageHandler(provider => Resilience(provider, name, OperationKind.GetToken, buffersBody: true, ResiliencePlan.ForIms(OptionsOf(provider, name))))
            .AddHttpMessageHandler(() => new AttemptHandler(name));
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

    private static ResilienceHandler Resilience(IServiceProvider provider, string name, OperationKind? unmarkedKind, bool buffersBody, ResiliencePlan plan) =>
        new(plan, unmarkedKind, buffersBody, new ResilienceTelemetry(name, LoggerOf(provider)), TimeOf(provider));

    private static AssetComputeOptions OptionsOf(IServiceProvider provider, string name) => provider.GetRequiredService<IOptionsMonitor<AssetComputeOptions>>().Get(name);

    private static TimeProvider TimeOf(IServiceProvider provider) => provider.GetRequiredService<TimeProvider>();

    private static ILogger LoggerOf(IServiceProvider provider) => provider.GetService<ILoggerFactory>()?.CreateLogger(ClientLog.Category) ?? NullLogger.Instance;

    /// <summary>What every HTTP client of the SDK has under its handlers: connections of its own, which follow no redirects.</summary>
    /// <param name="client">The HTTP client.</param>
    /// <param name="buffers">Whether its answers are read as <see cref="BoundedBody"/>, which unpacks them; those of others are unpacked by their connection.</param>
    internal static IHttpClientBuilder Configure(IHttpClientBuilder client, bool buffers = false)
    {
        string name = client.Name;
        client.Services.TryAddKeyedSingleton(name, (_, _) => new ConnectionPool(decompresses: !buffers));
        return client
            // Four lines for every request at Information would drown the application's own. The SDK's handlers log each call once.
            .RemoveAllLoggers()
            // The pooled connections are renewed by their own lifetime. One handler for good lets one HttpClient be kept for good.
            .SetHandlerLifetime(Timeout.InfiniteTimeSpan)
            .ConfigurePrimaryHttpMessageHandler(provider => provider.GetRequiredKeyedService<ConnectionPool>(name).Handler)
            .ConfigureHttpClient(http =>
            {
                // The handlers keep the time: of an attempt, and of all of them together.
                http.Timeout = Timeout.InfiniteTimeSpan;
                // As text, so that not every request takes the parsed form apart again.
                http.DefaultRequestHeaders.TryAddWithoutValidation("User-Agent", UserAgent);
                if (buffers)
                {
                    http.DefaultRequestHeaders.TryAddWithoutValidation("Accept-Encoding", BoundedBody.PackedAs);
                }
            });
    }
}
