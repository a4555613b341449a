using AssetCompute.Client;
using AssetCompute.Client.Authentication;
using AssetCompute.Client.Journal;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>An account's part of the journal.</summary>
internal static class JournalRegistration
{
    public static void AddAssetComputeJournal(this IServiceCollection services, string name)
    {
        services.TryAddKeyedSingleton(name, static (provider, key) => new JournalLocator(
            (string)key!,
            provider.GetRequiredKeyedService<IAssetComputeClient>(key),
            provider.GetRequiredService<IHttpClientFactory>(),
            provider.GetRequiredKeyedService<AllowedHosts>(key),
            provider.GetRequiredService<IOptionsMonitor<AssetComputeOptions>>(),
            provider.GetRequiredService<TimeProvider>()));
        services.TryAddKeyedSingleton(name, static (provider, key) => new JournalFeedFactory(
            (string)key!,
            provider.GetRequiredService<IHttpClientFactory>(),
            provider.GetRequiredKeyedService<AllowedHosts>(key),
            provider.GetRequiredService<IOptionsMonitor<AssetComputeOptions>>(),
            provider.GetRequiredKeyedService<JournalLocator>(key),
            LoggerOf(provider),
            provider.GetRequiredService<TimeProvider>()));
        services.TryAddKeyedSingleton<IJournalReader>(name, static (provider, key) =>
            new JournalReader(provider.GetRequiredKeyedService<JournalFeedFactory>(key)));
        if (name.Length == 0)
        {
            services.TryAddSingleton(static provider => provider.GetRequiredKeyedService<IJournalReader>(Options.Options.DefaultName));
        }
    }

    internal static ILogger LoggerOf(IServiceProvider provider) =>
        provider.GetService<ILoggerFactory>()?.CreateLogger("AssetCompute.Client.Journal") ?? NullLogger.Instance;
}
