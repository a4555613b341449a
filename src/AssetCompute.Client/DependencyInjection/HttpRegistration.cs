using System.Net;
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
using static Microsoft.Extensions.DependencyInjection.AccountRegistration;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>The HTTP clients of an account, and their handlers.</summary>
internal static class HttpRegistration
{
    private static readonly string UserAgent = new ProductInfoHeaderValue(
        "AssetCompute.Client",
        typeof(HttpRegistration).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0").ToString();

    /// <summary>Adds the handlers, from the outermost to the innermost. Handlers of the application come after them and see each attempt.</summary>
    public static void AddHttpPipeline(this IAssetComputeBuilder builder)
    {
        string name = builder.Name;
        builder.Services.TryAddKeyedSingleton(name, (provider, _) =>
        {
            AssetComputeOptions options = OptionsOf(provider).Get(name);
            return new ThrottleQueue(new ThrottleLaw(options.Throttling, options.Retry, Random.Shared.NextDouble), TimeOf(provider));
        });

        AddCalls(builder.ServiceHttpClient, name, buffersBody: true, (pipeline, options, provider) =>
        {
            ThrottleQueue queue = provider.GetRequiredKeyedService<ThrottleQueue>(name);
            queue.Tell((law, _) => law.Apply(options.Throttling, options.Retry));
            ResilienceTelemetry telemetry = TelemetryOf(provider, name);
            ResiliencePipelines.AddService(pipeline, options, new ThrottleStrategy(queue, TimeOf(provider), telemetry), telemetry);
        });
        AddCalls(builder.JournalHttpClient, name, buffersBody: false, static (pipeline, options, _) => ResiliencePipelines.AddJournal(pipeline, options));
        AddResilience(Configure(builder.ImsHttpClient), name, (pipeline, options, provider) => ResiliencePipelines.AddIms(pipeline, options, TelemetryOf(provider, name)));
        builder.ImsHttpClient.AddHttpMessageHandler(provider => new AttemptHandler(name, buffersBody: true, TimeOf(provider)));
    }

    private static void AddCalls(IHttpClientBuilder client, string name, bool buffersBody, Action<ResiliencePipelineBuilder<HttpResponseMessage>, AssetComputeOptions, IServiceProvider> configure)
    {
        Configure(client).AddHttpMessageHandler(provider => new TelemetryHandler(name, LoggerOf(provider)));
        AddResilience(client, name, configure);
        client
            .AddHttpMessageHandler(provider => new AuthenticationHandler(
                provider.GetRequiredKeyedService<IAccessTokenProvider>(name),
                () => provider.GetRequiredKeyedService<AssetComputeIdentity>(name),
                provider.GetRequiredKeyedService<AllowedHosts>(name).IsAllowed))
            .AddHttpMessageHandler(provider => new AttemptHandler(name, buffersBody, TimeOf(provider)));
    }

    /// <summary>
    /// Adds a Polly pipeline, which is built again when the options change. It reports Polly's metrics, but writes no log: Polly's log messages would repeat
    /// those of the SDK, with unredacted exception texts.
    /// </summary>
    private static void AddResilience(IHttpClientBuilder client, string name, Action<ResiliencePipelineBuilder<HttpResponseMessage>, AssetComputeOptions, IServiceProvider> configure) =>
        client.AddResilienceHandler("asset-compute", (pipeline, context) =>
        {
            IServiceProvider provider = context.ServiceProvider;
            context.EnableReloads<AssetComputeOptions>(name);
            pipeline.TimeProvider = TimeOf(provider);
            pipeline.ConfigureTelemetry(new TelemetryOptions(provider.GetRequiredService<IOptions<TelemetryOptions>>().Value) { LoggerFactory = NullLoggerFactory.Instance });
            configure(pipeline, context.GetOptions<AssetComputeOptions>(name), provider);
        });

    private static ResilienceTelemetry TelemetryOf(IServiceProvider provider, string name) => new(name, LoggerOf(provider));

    private static ILogger LoggerOf(IServiceProvider provider) => AccountRegistration.LoggerOf(provider, ClientLog.Category);

    /// <summary>
    /// Configures the common lower part of every HTTP client of the SDK: separate connections, which are closed with the container. The factory would leave
    /// them open. They follow no redirects, which would send the API key to another host, and store no cookies: the API has none, and accounts must not share
    /// them. The proxy is the system proxy.
    /// </summary>
    private static IHttpClientBuilder Configure(IHttpClientBuilder client)
    {
        string name = client.Name;
        client.Services.TryAddKeyedSingleton<HttpMessageHandler>(name, static (_, _) =>
#if NETSTANDARD2_0
            new HttpClientHandler
            {
                AllowAutoRedirect = false,
                UseCookies = false,
                AutomaticDecompression = DecompressionMethods.GZip | DecompressionMethods.Deflate,
                // .NET Framework allows only two connections in total.
                MaxConnectionsPerServer = int.MaxValue,
            });
#else
            new SocketsHttpHandler
            {
                AllowAutoRedirect = false,
                UseCookies = false,
                AutomaticDecompression = DecompressionMethods.All,
                ConnectTimeout = TimeSpan.FromSeconds(15),
                EnableMultipleHttp2Connections = true,
                // Connections are renewed regularly, so that DNS changes take effect.
                PooledConnectionLifetime = TimeSpan.FromMinutes(5),
                PooledConnectionIdleTimeout = TimeSpan.FromMinutes(1),
            });
#endif

        // The host's default retries around these handlers would repeat requests that must not be repeated, and the host's timeouts are shorter.
#pragma warning disable EXTEXP0001 // There is no other way to remove them from one client.
        client.RemoveAllResilienceHandlers();
#pragma warning restore EXTEXP0001
        return client
            // The SDK's handlers log each call once. The factory's handlers would write four log messages for each request.
            .RemoveAllLoggers()
            // Pooled connections have their own lifetime. With a permanent handler, one HttpClient can be kept permanently.
            .SetHandlerLifetime(Timeout.InfiniteTimeSpan)
            .ConfigurePrimaryHttpMessageHandler(provider => provider.GetRequiredKeyedService<HttpMessageHandler>(name))
            .ConfigureHttpClient(static http =>
            {
                // The pipelines limit the time of an attempt and of all attempts together.
                http.Timeout = Timeout.InfiniteTimeSpan;
                http.DefaultRequestHeaders.TryAddWithoutValidation("User-Agent", UserAgent);
            });
    }
}
