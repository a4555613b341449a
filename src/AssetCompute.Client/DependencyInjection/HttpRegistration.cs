using System.Net.Http.Headers;
using System.Reflection;
using AssetCompute.Client;
using AssetCompute.Client.Http;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>The HTTP clients of an account, their handlers, and the client of the API on top.</summary>
internal static class HttpRegistration
{
    private static readonly ProductInfoHeaderValue UserAgent = new(
        "AssetCompute.Client",
        typeof(HttpRegistration).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0");

    /// <summary>
    /// Adds the handlers, from the outside to the inside. What the user adds to the builders comes after them, so it sees every attempt as it goes
    /// out.
    /// </summary>
    public static void AddHttpPipeline(this IAssetComputeBuilder builder)
    {
        string name = builder.Name;
        Configure(builder.ServiceHttpClient).AddHttpMessageHandler(provider => provider.CreateAuthenticationHandler(name));
        Configure(builder.JournalHttpClient).AddHttpMessageHandler(provider => provider.CreateAuthenticationHandler(name));
        Configure(builder.ImsHttpClient);
    }

    public static void AddServiceClient(this IAssetComputeBuilder builder)
    {
        string name = builder.Name;
        builder.Services.TryAddKeyedSingleton<IAssetComputeClient>(name, static (provider, key) => new AssetComputeService(
            provider.GetRequiredService<IHttpClientFactory>().CreateClient(HttpClientNames.Service((string)key!)),
            provider.GetRequiredService<IOptionsMonitor<AssetComputeOptions>>().Get((string)key!).Endpoint,
            provider.GetRequiredService<TimeProvider>()));
        if (name.Length == 0)
        {
            builder.Services.TryAddSingleton(static provider => provider.GetRequiredKeyedService<IAssetComputeClient>(Options.Options.DefaultName));
        }
    }

    private static IHttpClientBuilder Configure(IHttpClientBuilder client) => client
        // The pooled connections are renewed by their own lifetime. One handler for good lets one HttpClient be kept for good.
        .SetHandlerLifetime(Timeout.InfiniteTimeSpan)
        .ConfigurePrimaryHttpMessageHandler(PrimaryHandler.Create)
        .ConfigureHttpClient(static client =>
        {
            // The handlers keep the time: of an attempt, and of all of them together.
            client.Timeout = Timeout.InfiniteTimeSpan;
            client.DefaultRequestHeaders.UserAgent.Add(UserAgent);
        });
}
