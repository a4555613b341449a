using AssetCompute.Client;
using AssetCompute.Client.Authentication;
using AssetCompute.Client.Http;
using AssetCompute.Client.Http.Throttling;
using AssetCompute.Client.Jobs;
using AssetCompute.Client.Journal;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers the services of one account. They are keyed by its name, and accounts share no services.</summary>
internal static class AccountRegistration
{
    /// <summary>Registers the services that obtain and check credentials and tokens. An existing <see cref="IAccessTokenProvider"/> is kept.</summary>
    public static void AddAssetComputeAuthentication(this IServiceCollection services, string name, Func<string>? hint = null)
    {
        services.TryAddSingleton(new CredentialsReader(Environment.GetEnvironmentVariable));
        services.TryAddKeyedTransient(name, (provider, _) => provider.GetRequiredService<CredentialsReader>().ReadIdentity(name, OptionsOf(provider).Get(name)));
        services.TryAddKeyedSingleton(name, (provider, _) => new AllowedHosts(name, OptionsOf(provider)));

        var own = ServiceDescriptor.KeyedSingleton<IAccessTokenProvider>(name, (provider, _) =>
        {
            IHttpClientFactory clients = provider.GetRequiredService<IHttpClientFactory>();
            ILogger logger = LoggerOf(provider, typeof(AccessTokenCache).FullName!);
            ImsTokenClient ims = new(() => clients.CreateClient(HttpClientNames.Ims(name)), TimeOf(provider), logger);
            return new AccessTokenCache(name, OptionsOf(provider), provider.GetRequiredService<CredentialsReader>(), ims, TimeOf(provider), logger);
        });
        services.TryAdd(own);

        // Only after the last registration is it known whether the account's own provider is still the last one.
        services.AddSingleton<IValidateOptions<AssetComputeOptions>>(provider => new AssetComputeOptionsValidator(
            name,
            provider.GetRequiredService<CredentialsReader>(),
            () => !ReferenceEquals(services.LastOrDefault(service => service.ServiceType == typeof(IAccessTokenProvider) && Equals(service.ServiceKey, name)), own),
            hint ?? (static () => "")));
    }

    /// <summary>Registers the client, the journal, the jobs and the renderer.</summary>
    public static void AddAssetComputeServices(this IServiceCollection services, string name)
    {
        services.TryAddForAccount<IAssetComputeClient>(name, (provider, key) => new AssetComputeService(
            provider.GetRequiredService<IHttpClientFactory>().CreateClient(HttpClientNames.Service(name)),
            () => OptionsOf(provider).Get(name).Endpoint,
            provider.GetRequiredKeyedService<AllowedHosts>(key),
            provider.GetRequiredKeyedService<ThrottleQueue>(key),
            TimeOf(provider)));
        services.TryAddKeyedSingleton(name, (provider, key) => new JournalReader(
            name,
            provider.GetRequiredKeyedService<IAssetComputeClient>(key),
            provider.GetRequiredService<IHttpClientFactory>(),
            provider.GetRequiredKeyedService<AllowedHosts>(key),
            OptionsOf(provider),
            JournalLoggerOf(provider),
            TimeOf(provider)));
        services.TryAddForAccount<IJournalReader>(name, static (provider, key) => provider.GetRequiredKeyedService<JournalReader>(key));
        services.TryAddForAccount<IRenditionJobs>(name, (provider, key) => new RenditionJobs(
            provider.GetRequiredKeyedService<IAssetComputeClient>(key),
            provider.GetRequiredKeyedService<JournalReader>(key),
            new JobTelemetry(name, TimeOf(provider)),
            TimeOf(provider)));
        services.TryAddForAccount<IAssetRenderer>(name, (provider, key) => new AssetRenderer(
            provider.GetRequiredKeyedService<IRenditionJobs>(key),
            provider.GetKeyedService<IAssetStorage>(key) ?? throw new InvalidOperationException(
                $"{nameof(IAssetRenderer)} needs a storage{(name.Length > 0 ? $" of the account '{name}'" : "")}: call AddEmulatorStorage(), AddAzureBlobsStorage(…), AddAmazonS3Storage(…) or AddStorage(…) on what AddAssetCompute(…) returns."),
            provider.GetRequiredService<ILoggerFactory>(),
            TimeOf(provider)));
    }

    /// <summary>Registers the keyed service of the account without a name also without a key.</summary>
    public static void TryAddDefault<TService>(this IServiceCollection services, string name)
        where TService : class
    {
        if (name.Length == 0)
        {
            services.TryAddSingleton(static provider => provider.GetRequiredKeyedService<TService>(Options.Options.DefaultName));
        }
    }

    public static TimeProvider TimeOf(IServiceProvider provider) => provider.GetRequiredService<TimeProvider>();

    public static ILogger JournalLoggerOf(IServiceProvider provider) => LoggerOf(provider, "AssetCompute.Client.Journal");

    public static ILogger LoggerOf(IServiceProvider provider, string category) => provider.GetRequiredService<ILoggerFactory>().CreateLogger(category);

    public static IOptionsMonitor<AssetComputeOptions> OptionsOf(IServiceProvider provider) => provider.GetRequiredService<IOptionsMonitor<AssetComputeOptions>>();

    private static void TryAddForAccount<TService>(this IServiceCollection services, string name, Func<IServiceProvider, object?, TService> create)
        where TService : class
    {
        services.TryAddKeyedSingleton(name, create);
        services.TryAddDefault<TService>(name);
    }
}
